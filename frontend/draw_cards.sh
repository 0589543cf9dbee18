#!/bin/sh
# Draws what a shared link and a phone's home screen show. Wants Chromium and ImageMagick; run by hand when a drawing changes.
set -eu
cd "$(dirname "$0")"

shoot() { # SIZE TARGET ADDRESS
  chromium --headless --no-sandbox --disable-gpu --allow-file-access-from-files --hide-scrollbars --virtual-time-budget=2000 \
    --default-background-color=00000000 --window-size="$1" --screenshot="$2" "$3" 2>/dev/null
}

card() { # NAME ICON LABEL
  shoot 1200,630 /tmp/card.png "file://$PWD/card.html#$2|$3"
  convert /tmp/card.png -colors 128 -strip "../static/img/cards/$1.png"
}

card all "" ""
card education book Bildung
card culture palette Kultur
card leisure play Freizeit
card health health Gesundheit
card sport sport Sport

for size in 180 192 512; do
  convert -background none -density 800 ../static/img/favicon.svg -resize "$size" -colors 64 -strip "../static/img/icon-$size.png"
done
convert -background none -density 400 ../static/img/favicon.svg -define icon:auto-resize=48,32,16 ../static/root/favicon.ico
rm /tmp/card.png
