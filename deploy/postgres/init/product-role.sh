#!/bin/bash
# The role of web, worker and beat, with the password in its file. The image of the database runs this when the
# volume is new; run again it sets the password anew. What the role may do is granted by `manage.py prepare`.
set -euo pipefail
[ -s "$PRODUCT_PASSWORD_FILE" ]
psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --set=role="$PRODUCT_ROLE" \
    --username="$POSTGRES_USER" --dbname="$POSTGRES_DB" <<'SQL'
\set password `cat "$PRODUCT_PASSWORD_FILE"`
SELECT format('CREATE ROLE %I', :'role') WHERE to_regrole(quote_ident(:'role')) IS NULL \gexec
ALTER ROLE :"role" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'password';
SQL
