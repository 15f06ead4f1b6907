// libpq, the Postgres client library, as Debian's libpq-dev lays it down.
#include <postgresql/libpq-fe.h>
