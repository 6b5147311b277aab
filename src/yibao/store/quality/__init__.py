"""数据质量: what is wrong with the rows of a workspace, told with the way to them, and what it blocks.

    rules.yaml, rules/*.sql    the rules as data: severity, protected outputs, denominator, message; the rows at fault as SQL
    rules      rules read and checked
    walks      questions asked of every table: codes outside open lists, dates in the future
    run        the rules over a workspace → outcomes; what they block
    told       outcomes as a table for a terminal

A rule of which a table is missing is *not run*, which is never a pass. A red rule blocks only the outputs that it protects: whoever makes an
output asks `blocking(workspace, "dip", known_at)` first.
"""

from yibao.store.quality.rules import Rule, load_rules
from yibao.store.quality.run import Outcome, State, blocking, evaluate, rows_of

__all__ = ["Outcome", "Rule", "State", "blocking", "evaluate", "load_rules", "rows_of"]
