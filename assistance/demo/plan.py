"""What happens in the demonstration, as data: visits, needs, offers and projects, and the steps each of them takes.

Ages are days before the day of loading. A step is a word with its arguments after colons; `paths.STEPS` explains each.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class VisitPlan:
    """A visit: its report's sections by key, and what the State was asked and released of it."""

    key: str
    state: str
    kind: str
    mode: str
    age: int
    length: int
    delegation: str
    sections: str = ""
    steps: str = ""


@dataclass(frozen=True)
class NeedPlan:
    """A need. `source` is a visit's key or another source; `alone` leaves its text in the original language only."""

    state: str
    text: str
    source: str
    age: int
    language: str
    priority: str
    steps: str
    deadline: int | None = None
    alone: bool = False


@dataclass(frozen=True)
class OfferPlan:
    """An offer; `opens` and `closes` are days from today."""

    key: str
    text: str
    provider: str
    age: int
    language: str
    steps: str
    places: int | None = None
    expert_days: int | None = None
    amount: int | None = None
    regions: str = ""
    states: str = ""
    named_only: bool = False
    opens: int | None = None
    closes: int | None = None
    languages: str = "en fr"
    alone: bool = False


@dataclass(frozen=True)
class ProjectPlan:
    """A project; dates are days from today: planned start, planned end, actual start, actual end."""

    text: str
    lead: str
    states: str
    status: str
    dates: tuple[int | None, int | None, int | None, int | None]
    language: str
    budget: int | None = None
    partners: str = ""
    serves: str = ""
    results: str = ""
    restricted: bool = False
    age: float | None = None  # otherwise half the age of its earliest date


ALL = "overview justice finance borders cooperation rights"
VISITS = (
    VisitPlan("katasi-1", "katasi", "focused", "on_site", 300, 4, "unodc", "overview justice finance borders",
              "release:1+2+3+4:compact wait:150 withdraw:2+3"),
    VisitPlan("carana-1", "carana", "comprehensive", "on_site", 230, 5, "unodc iom interpol", ALL,
              "ask release:1+3+4:compact"),
    VisitPlan("sumora-1", "sumora", "comprehensive", "hybrid", 170, 5, "unodc interpol", ALL,
              "ask release:1+2+3+4+5+6:compact"),
    VisitPlan("katasi-2", "katasi", "comprehensive", "on_site", 115, 5, "unodc iom icao", ALL,
              "ask release:1+4+5:compact:90 release:2:unodc:90"),
    VisitPlan("sumora-2", "sumora", "focused", "virtual", 60, 3, "", "overview borders cooperation rights",
              "ask wait:8 decline"),
    VisitPlan("carana-2", "carana", "follow_up", "hybrid", 34, 4, "iom", "overview justice borders rights",
              "wait:7 ask"),
    VisitPlan("sumora-3", "sumora", "follow_up", "on_site", 1, 5, "interpol"),
    VisitPlan("katasi-3", "katasi", "advocacy", "virtual", -40, 2, "unodc"),
)  # fmt: skip

SHARED = "put agree share:compact"
NEEDS = (
    # ── Carana ──
    NeedPlan("carana", "api-pnr", "carana-1", 215, "en", "high",
             f"{SHARED} propose:unodc:100:travel accept start wait:40 deliver verify:met"),
    NeedPlan("carana", "border", "carana-1", 214, "en", "high",
             f"{SHARED} wait:80 propose:iom:60 accept start wait:30 deliver verify:partly_met:40 wait:20 propose:interpol:30"),
    NeedPlan("carana", "biometrics", "carana-1", 213, "fr", "medium",
             f"{SHARED} wait:30 propose:interpol:100:databases accept start wait:20 deliver verify:not_met"),
    NeedPlan("carana", "cft", "carana-1", 212, "en", "high",
             f"{SHARED} wait:110 propose:unodc:100:finance accept start wait:20 deliver"),
    NeedPlan("carana", "legislation", "carana-1", 211, "en", "high",
             f"{SHARED} wait:60 propose:unodc:100:legislation accept start deliver verify:met"),
    NeedPlan("carana", "criminal-justice", "carana-1", 210, "en", "medium",
             "put agree share:unodc+ohchr:90 wait:120 propose:unodc:50:prosecutors accept start", deadline=200),
    NeedPlan("carana", "vulnerable-targets", "carana-1", 209, "en", "medium",
             f"{SHARED} wait:150 propose:interpol:50 accept", deadline=150),
    NeedPlan("carana", "small-arms", "carana-1", 208, "fr", "low",
             f"{SHARED} wait:130 propose:interpol:100:databases accept start", deadline=300),
    NeedPlan("carana", "human-rights", "carana-1", 207, "en", "medium", f"{SHARED}:-15"),
    NeedPlan("carana", "prisons", "carana-1", 206, "fr", "high", f"{SHARED} wait:120 withdraw"),
    NeedPlan("carana", "victims", "carana-1", 205, "en", "low", "put agree close:superseded"),
    NeedPlan("carana", "fusion", "carana-1", 204, "en", "medium", "put agree share:demo-borders:120", deadline=250),
    NeedPlan("carana", "judicial-cooperation", "carana-1", 190, "en", "low",
             f"{SHARED} wait:70 propose:unodc:100 retract wait:80 suggest:unodc:100"),
    NeedPlan("carana", "cyber", "carana-2", 25, "en", "high", "put agree", deadline=180),
    NeedPlan("carana", "digital-evidence", "carana-2", 25, "fr", "high", "put", deadline=240),
    NeedPlan("carana", "maritime", "carana-2", 24, "en", "medium", "put"),
    NeedPlan("carana", "prevention-plan", "carana-2", 23, "en", "high", ""),
    NeedPlan("carana", "gender", "carana-2", 22, "ar", "medium", "", alone=True),
    NeedPlan("carana", "strategy", "desk_survey", 120, "en", "high",
             f"{SHARED} wait:75 propose:undp:100:centres", deadline=120),
    NeedPlan("carana", "counter-narratives", "desk_survey", 100, "en", "medium", f"{SHARED} wait:60 suggest:undp:100"),
    NeedPlan("carana", "reintegration", "request", 60, "ar", "high",
             f"{SHARED} wait:20 propose:iom:100 accept", deadline=90, alone=True),
    NeedPlan("carana", "aviation", "desk_survey", 40, "en", "medium", "put agree share:compact+donors", deadline=200),
    # ── Sumora ──
    NeedPlan("sumora", "api-pnr", "sumora-1", 160, "en", "high",
             f"{SHARED} wait:60 propose:unodc:70:travel accept propose:iom:30 accept", deadline=160),
    NeedPlan("sumora", "border", "sumora-1", 159, "ru", "high",
             f"{SHARED} wait:40 propose:iom:100 accept start wait:10 deliver verify:met"),
    NeedPlan("sumora", "cft", "sumora-1", 158, "ru", "medium",
             f"{SHARED} wait:100 propose:unodc:100:finance accept start", deadline=140),
    NeedPlan("sumora", "non-profit", "sumora-1", 157, "en", "low", "put agree share:compact+states"),
    NeedPlan("sumora", "legislation", "sumora-1", 156, "en", "high",
             "put agree share:unodc wait:100 propose:unodc:100:legislation decline"),
    NeedPlan("sumora", "law-enforcement", "sumora-1", 155, "en", "medium",
             f"{SHARED} wait:50 propose:interpol:100 accept start deliver verify:partly_met:70"),
    NeedPlan("sumora", "cbrn", "sumora-1", 154, "en", "medium",
             "put agree share:compact+demo-institute wait:120 propose:demo-institute:40:ports accept", deadline=210),
    NeedPlan("sumora", "foreign-fighters", "sumora-1", 153, "zh-hans", "high",
             f"{SHARED} wait:128 propose:interpol:100", deadline=60),
    NeedPlan("sumora", "prisons", "sumora-1", 152, "en", "high",
             f"{SHARED} wait:80 propose:unodc:100:prisons accept start wait:5 deliver"),
    NeedPlan("sumora", "victims", "sumora-1", 151, "zh-hans", "low", f"{SHARED} close:no_longer_needed"),
    NeedPlan("sumora", "vulnerable-targets", "sumora-1", 150, "en", "medium", SHARED, deadline=170),
    NeedPlan("sumora", "aviation", "sumora-2", 52, "en", "high", "put agree", deadline=220),
    NeedPlan("sumora", "maritime", "sumora-2", 51, "ru", "medium", "put agree"),
    NeedPlan("sumora", "cyber", "sumora-2", 50, "en", "high", "put"),
    NeedPlan("sumora", "small-arms", "desk_survey", 30, "ru", "low", "put", alone=True),
    NeedPlan("sumora", "judicial-cooperation", "desk_survey", 20, "zh-hans", "medium", "", alone=True),
    NeedPlan("sumora", "gender", "desk_survey", 10, "en", "medium", ""),
    NeedPlan("sumora", "strategy", "consultation", 90, "en", "high",
             f"{SHARED}:45 wait:40 propose:undp:60 accept", deadline=130),
    NeedPlan("sumora", "prevention-plan", "consultation", 95, "en", "high",
             f"{SHARED} wait:20 propose:undp:100:communities accept start wait:10 deliver"),
    NeedPlan("sumora", "human-rights", "request", 70, "en", "high",
             "put agree share:ohchr+undp:30 wait:20 suggest:ohchr:100:rights yes", deadline=100),
    NeedPlan("sumora", "fusion", "desk_survey", 150, "ru", "medium", f"{SHARED}:-40"),
    # ── Katasi ──
    NeedPlan("katasi", "border", "katasi-1", 290, "fr", "high",
             f"{SHARED} wait:100 propose:iom:100 accept start wait:40 deliver verify:met"),
    NeedPlan("katasi", "legislation", "katasi-1", 289, "fr", "high",
             f"{SHARED} wait:150 propose:unodc:80:legislation accept start deliver verify:not_met"),
    NeedPlan("katasi", "non-profit", "katasi-1", 288, "fr", "medium",
             f"{SHARED} wait:60 propose:unodc:100:finance accept start wait:60 deliver verify:partly_met:60"),
    NeedPlan("katasi", "api-pnr", "katasi-2", 105, "fr", "high",
             f"{SHARED} wait:70 propose:unodc:50:travel propose:interpol:50", deadline=110),
    NeedPlan("katasi", "biometrics", "katasi-2", 104, "fr", "medium",
             f"{SHARED} wait:60 propose:interpol:60:databases accept propose:iom:40 accept", deadline=180),
    NeedPlan("katasi", "cft", "katasi-2", 103, "es", "high",
             f"{SHARED} wait:50 propose:unodc:100:finance accept start", deadline=90),
    NeedPlan("katasi", "criminal-justice", "katasi-2", 102, "fr", "high",
             f"{SHARED} wait:60 propose:unodc:100:prosecutors accept", deadline=140),
    NeedPlan("katasi", "digital-evidence", "katasi-2", 101, "fr", "medium", f"{SHARED}:30", deadline=75),
    NeedPlan("katasi", "law-enforcement", "katasi-2", 100, "fr", "medium", "put agree share:interpol:60", deadline=190),
    NeedPlan("katasi", "aviation", "katasi-2", 99, "fr", "high",
             f"{SHARED} wait:40 propose:icao:100:airports accept start", deadline=80),
    NeedPlan("katasi", "reintegration", "katasi-2", 98, "es", "medium", f"{SHARED} wait:20 propose:iom:100"),
    NeedPlan("katasi", "prisons", "katasi-2", 97, "fr", "medium", f"{SHARED} wait:55 suggest:unodc:100:prisons refuse"),
    NeedPlan("katasi", "counter-narratives", "katasi-2", 96, "en", "low", "put agree close:withdrawn_by_state"),
    NeedPlan("katasi", "human-rights", "katasi-2", 95, "fr", "high",
             "put agree share:ohchr wait:50 propose:ohchr:100:rights accept", deadline=150),
    NeedPlan("katasi", "gender", "katasi-2", 94, "fr", "low", "put agree"),
    NeedPlan("katasi", "prevention-plan", "katasi-2", 93, "fr", "high",
             "put agree share:compact+donors wait:60 propose:undp:40:communities", deadline=120),
    NeedPlan("katasi", "foreign-fighters", "consultation", 70, "en", "high",
             f"{SHARED} wait:40 propose:interpol:100", deadline=100),
    NeedPlan("katasi", "strategy", "desk_survey", 65, "fr", "medium", "put agree share:demo-borders"),
    NeedPlan("katasi", "maritime", "desk_survey", 45, "es", "medium", "put", alone=True),
    NeedPlan("katasi", "cbrn", "desk_survey", 40, "fr", "medium", SHARED, deadline=260),
    NeedPlan("katasi", "cyber", "desk_survey", 15, "fr", "high", ""),
    NeedPlan("katasi", "victims", "request", 12, "es", "medium", "", alone=True),
)  # fmt: skip

OFFERS = (
    OfferPlan("travel", "travel", "unodc", 330, "en", "publish", places=60, expert_days=120, languages="en fr es ar"),
    OfferPlan("finance", "finance", "unodc", 328, "en", "publish", places=80, languages="en fr ru es"),
    OfferPlan("legislation", "legislation", "unodc", 327, "en", "publish", expert_days=60, languages="en fr ar"),
    OfferPlan("databases", "databases", "interpol", 325, "en", "publish", places=40, languages="en fr es ar"),
    OfferPlan("prosecutors", "prosecutors", "unodc", 320, "fr", "publish", expert_days=90, regions="002"),
    OfferPlan("communities", "communities", "undp", 310, "en", "publish", amount=400000, languages="en fr es ru"),
    OfferPlan("prisons", "prisons", "unodc", 300, "es", "publish", places=30, closes=240, languages="en es ru"),
    OfferPlan("rights", "rights", "ohchr", 290, "ar", "publish", places=50, languages="ar en fr"),
    OfferPlan("centres", "centres", "undp", 280, "en", "publish", expert_days=40, opens=-200, closes=300),
    OfferPlan("airports", "airports", "icao", 270, "en", "publish", places=24, closes=330, languages="en fr es ru zh-hans"),
    OfferPlan("places", "places", "unoct", 200, "es", "publish", expert_days=45, languages="en es"),
    OfferPlan("ports", "ports", "demo-institute", 150, "en", "publish", states="sumora carana", named_only=True),
    OfferPlan("databases-2", "databases", "iom", 6, "zh-hans", "", places=20, languages="en zh-hans", alone=True),
    OfferPlan("places-2", "places", "interpol", 120, "fr", "publish wait:60 pause", expert_days=20),
    OfferPlan("airports-2", "airports", "icao", 260, "fr", "publish", places=12, opens=-250, closes=-20),
    OfferPlan("communities-2", "communities", "undp", 180, "ru", "publish wait:90 withdraw", alone=True),
)  # fmt: skip

PROJECTS = (
    ProjectPlan("borders", "iom", "carana katasi", "completed", (-400, -40, -390, -35), "fr", 1850000,
                "demo-fund:funding interpol:implementing", "katasi/border",
                "Onze postes équipés, 212 agents formés, douze formateurs internes."),
    ProjectPlan("rights", "ohchr", "sumora", "completed", (-500, -120, -480, -100), "en", 420000, "undp:funding", "",
                "Curriculum adopted; thirty trainers certified."),
    ProjectPlan("travel", "unodc", "carana sumora", "ongoing", (-180, 540, -150, None), "en", 3200000,
                "unoct:accountable iom:implementing demo-fund:funding", "sumora/api-pnr"),
    ProjectPlan("finance", "unodc", "katasi sumora", "ongoing", (-420, -30, -400, None), "es", 760000, "undp:funding",
                "katasi/cft sumora/cft", age=45),
    ProjectPlan("justice", "unodc", "carana", "ongoing", (-60, 300, -45, None), "fr", 540000, "ohchr:implementing",
                "carana/criminal-justice"),
    ProjectPlan("aviation", "icao", "katasi", "ongoing", (-40, 200, -30, None), "en", 310000, "", "katasi/aviation"),
    ProjectPlan("prevention", "undp", "sumora katasi", "planned", (60, 780, None, None), "ru", 2400000,
                "demo-fund:funding", "sumora/prevention-plan"),
    ProjectPlan("ports", "demo-institute", "sumora", "planned", (90, 400, None, None), "en", 900000,
                "demo-fund:funding", "sumora/cbrn", restricted=True),
    ProjectPlan("strategy", "undp", "carana", "requested", (None, None, None, None), "ru"),
    ProjectPlan("victims", "unodc", "sumora", "requested", (None, None, None, None), "es"),
    ProjectPlan("prisons", "unodc", "sumora katasi", "suspended", (-200, 200, -190, None), "es", 680000),
    ProjectPlan("gender", "ohchr", "carana", "cancelled", (-120, 120, None, None), "ar", 150000),
)  # fmt: skip
