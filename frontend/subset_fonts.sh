#!/bin/sh
# Subsets the Fira Sans of KERN to the letters our languages need. Wants fonttools and brotli:
#   python3 -m venv /some/place && /some/place/bin/python -m pip install fonttools brotli
#   PATH=/some/place/bin:$PATH ./subset_fonts.sh
set -eu
cd "$(dirname "$0")"

# Latin of German, Turkish, Polish, Romanian, Kurdish, Albanian, Serbo-Croatian, Czech, Hungarian, French, Spanish;
# capital sharp s, dashes, quotes, ellipsis, narrow space, per mille, primes, euro, arrows and comparison signs.
LETTERS="U+0020-007E,U+00A0-00FF,U+0102-0107,U+010C-0111,U+0118-011B,U+011E-011F,U+0130-0131,U+0141-0144,U+0147-0148"
LETTERS="$LETTERS,U+0150-0153,U+0158-015B,U+015E-0165,U+016E-0171,U+0178-017E,U+0218-021B,U+1E9E,U+02BC,U+2010-2014"
LETTERS="$LETTERS,U+2018-201A,U+201C-201E,U+2020,U+2022,U+2026,U+202F,U+2030,U+2032-2033,U+2039-203A,U+20AC,U+2190-2193"
LETTERS="$LETTERS,U+2212,U+2248,U+2264-2265"

for pair in Regular:400 SemiBold:600; do
  pyftsubset "node_modules/@kern-ux/native/dist/fonts/fira-sans/FiraSans-${pair%:*}.woff2" \
    --unicodes="$LETTERS" --layout-features=kern,liga,mark,ccmp,locl,tnum --flavor=woff2 --no-hinting --desubroutinize \
    --output-file="../static/fonts/fira-sans-${pair#*:}.woff2"
done
