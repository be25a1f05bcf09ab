"""The store: the truth. The only package that imports sqlalchemy.

`database` opens it, `schema` describes it, the other modules are the queries, a file for each noun.
"""

from sqlalchemy import Connection as Connection

from kb.store.database import Database as Database
