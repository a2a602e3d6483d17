"""Words from which the demo company's market is made; every name is invented."""

from __future__ import annotations

COMPANY_HEADS = (
    "Velmor", "Quandra", "Ostrel", "Fennvik", "Tarvolo", "Brimsa", "Keldur", "Lumaro", "Norvant",
    "Pellwick", "Rovenka", "Sundal", "Trimora", "Ulvano", "Wendrix", "Yarrowe", "Zellmar",
    "Arkanto", "Bellovar", "Corvelle", "Dransik", "Eldoran", "Falkemo", "Grandel", "Hollmix",
)  # fmt: skip
COMPANY_TAILS = (
    "Logistics", "Components", "Foods", "Energy", "Systems", "Health", "Retail", "Machines",
    "Finance", "Travel", "Textiles", "Chemicals", "Media", "Homes", "Labs", "Packaging",
)  # fmt: skip
INDUSTRIES = (
    "Logistics", "Manufacturing", "Food", "Energy", "Software", "Health", "Retail", "Manufacturing",
    "Financial services", "Travel", "Textiles", "Chemicals", "Media", "Real estate", "Research",
    "Packaging",
)  # fmt: skip
DOMAIN_ENDS = ("io", "com", "de", "eu")
FIRST_NAMES = (
    "Alma", "Bela", "Cleo", "Dario", "Edda", "Finn", "Gesa", "Hanno", "Ilka", "Jaro", "Kaja",
    "Levin", "Mira", "Nilo", "Oda", "Pico", "Quirin", "Runa", "Silas", "Tova", "Ulla", "Vito",
    "Wanda", "Xaver", "Yuna", "Zeno",
)  # fmt: skip
LAST_NAMES = (
    "Aspenbrook", "Birkwald", "Cordelane", "Dornhaven", "Eichenroth", "Fjellmark", "Glanzweiler",
    "Hartenfels", "Inselmoor", "Jarnefeldt", "Kieselbach", "Lindqvara", "Moorland", "Nebelung",
    "Ostwyn", "Pfauental", "Quellhorst", "Rauhreif", "Sandelmann", "Tannfeld", "Umbrawitz",
    "Vossberg", "Wiesengrund", "Yngvarsen", "Zwielicht",
)  # fmt: skip

# persona -> (title, seniority); the last group is nobody's persona, on purpose
TITLES: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    ("finance", (
        ("CFO", "c_level"), ("Head of Finance", "director"), ("Financial Controller", "manager"),
        ("Procurement Manager", "manager"), ("Head of Purchasing", "director"),
    )),
    ("technology", (
        ("CTO", "c_level"), ("Head of IT", "director"), ("IT Manager", "manager"),
        ("Software Architect", "specialist"), ("Data Engineer", "specialist"),
    )),
    ("operations", (
        ("COO", "c_level"), ("Head of Operations", "director"), ("Operations Manager", "manager"),
        ("Supply Chain Manager", "manager"), ("Process Analyst", "specialist"),
    )),
    ("revenue", (
        ("CMO", "c_level"), ("Head of Sales", "director"), ("Marketing Manager", "manager"),
        ("Revenue Analyst", "specialist"), ("Customer Success Manager", "manager"),
    )),
    ("executive", (
        ("CEO", "c_level"), ("Managing Director", "c_level"), ("Founder", "c_level"),
        ("General Manager", "director"), ("Board Member", "c_level"),
    )),
    ("", (
        ("Consultant", "specialist"), ("Assistant", "specialist"), ("Office Lead", "manager"),
        ("Librarian", "specialist"), ("Trainee", "specialist"),
    )),
)  # fmt: skip
STUDENT_TITLE = "Student"
STUDENT_DOMAIN = "campus-mail.example"

# (name, team, role, capacity per month)
MEMBERS: tuple[tuple[str, str, str, int], ...] = (
    ("Edda Quellhorst", "marketing", "Head of marketing", 0),
    ("Jaro Fjellmark", "marketing", "Demand generation", 0),
    ("Runa Dornhaven", "marketing", "Content and events", 0),
    ("Silas Nebelung", "marketing", "Marketing operations", 0),
    ("Kaja Tannfeld", "sales_development", "Sales development lead", 30),
    ("Levin Moorland", "sales_development", "Sales development", 35),
    ("Yuna Cordelane", "sales_development", "Sales development", 35),
    ("Hanno Vossberg", "sales", "Head of sales", 4),
    ("Mira Aspenbrook", "sales", "Account executive", 8),
    ("Vito Glanzweiler", "sales", "Account executive", 8),
    ("Tova Inselmoor", "sales", "Account executive", 8),
    ("Oda Wiesengrund", "success", "Customer success", 0),
)

CONTENT = (
    "Guide: first steps in automation",
    "Report: the state of process automation",
    "Checklist: invoices without paper",
    "Calculator: what a manual hour costs",
    "Guide: a business case in ten pages",
)
NPS_COMMENTS = (
    "Support answers fast",
    "Setting it up took longer than promised",
    "Saves us a day a week",
    "Reports could be easier",
    "",
)
WIN_LOSS_COMMENTS = (
    "The business case convinced finance",
    "A competitor was cheaper",
    "We could see it run with our own data",
    "No decision this year",
    "The integration we need is missing",
)
