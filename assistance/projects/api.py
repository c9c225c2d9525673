"""The API of projects."""

from assistance.projects.filters import ProjectFilter
from assistance.projects.models import Project
from assistance.projects.serializers import ProjectDetailSerializer, ProjectSerializer, ProjectWriteSerializer
from assistance.rest.viewsets import EditableViewSet, document_schema


@document_schema
class Projects(EditableViewSet):
    """Activities, recorded in the portal or imported and then read-only."""

    scope = "projects"
    model = Project
    list_serializer_class = ProjectSerializer
    detail_serializer_class = ProjectDetailSerializer
    write_serializer_class = ProjectWriteSerializer
    filterset_class = ProjectFilter
    default_organisation = "lead"
