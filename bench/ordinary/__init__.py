"""The ordinary way: what a team of Django developers would write by default over the same tables.

django-guardian's `get_objects_for_user` gives the audiences that a user may view, through the groups of which they are a stored
member; rows are filtered by `audience__in`. DRF's serializers, page numbers and session make the answers. It has the same
indexes, no row-level security, and no audit of reads.
"""
