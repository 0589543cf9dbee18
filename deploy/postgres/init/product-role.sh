#!/bin/bash
# The roles of web and worker, which are known by their certificates and have no password. The image of the database
# runs this when the volume is new. What each may do is granted by `manage.py prepare`.
set -euo pipefail
for role in $PRODUCT_ROLES; do
    psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --set=role="$role" \
        --username="$POSTGRES_USER" --dbname="$POSTGRES_DB" <<'SQL'
SELECT format('CREATE ROLE %I', :'role') WHERE to_regrole(quote_ident(:'role')) IS NULL \gexec
ALTER ROLE :"role" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD NULL;
SQL
done
