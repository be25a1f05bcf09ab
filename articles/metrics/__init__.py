"""Whether the knowledge base helps: shares and times over a period, each with what it counts, its trend and comparison.

`base` has every definition, `counting` counts, `trend` parts a period, `comparison` tells a change from chance, and
`report` puts them together. What coaches and coordinators are shown is in `articles.evidence`.
"""

from articles.metrics.base import DEFINITIONS as DEFINITIONS
from articles.metrics.base import Share as Share
from articles.metrics.base import Slice as Slice
from articles.metrics.base import Times as Times
from articles.metrics.counting import WINDOW as WINDOW
from articles.metrics.report import measure as measure
from articles.metrics.report import report as report
from articles.metrics.report import report_csv as report_csv
from articles.metrics.report import report_json as report_json
