// SQLite, as Debian's libsqlite3-dev lays it down.
#include <sqlite3.h>
