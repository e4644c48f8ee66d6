"""批量操作: one action on many stories, each by the rule of the single action, and back again."""

from articles.bulk.actions import ACTIONS, Action, Facts
from articles.bulk.forecasting import Forecast, forecast
from articles.bulk.running import MOST, Chosen, run
from articles.bulk.undoing import undo

__all__ = [
    "ACTIONS",
    "MOST",
    "Action",
    "Chosen",
    "Facts",
    "Forecast",
    "forecast",
    "run",
    "undo",
]
