#!/bin/sh
# fences.sh --check | --write: every code block of README.md and docs/*.md is a piece of a file that the tests build and run.
# In Markdown the fence follows a line  <!-- path [name] -->  ; in that file the piece lies between lines that say  [name]  and  [/name]  in a comment
# (// or #). --check says where they differ, or which fence has no source; --write brings the fences up to date.
set -eu
cd "$(dirname "$0")/.."
new=$(mktemp) status=0
trap 'rm -f "$new"' EXIT
for page in docs/*.md; do
  grep -q "(${page#docs/})" docs/README.md || [ "$page" = docs/README.md ] || { echo "docs/README.md does not list ${page#docs/}"; status=1; }
done
for page in README.md docs/*.md; do
  [ -e "$page" ] || continue
  awk -v page="$page" '
    function wrong(text) { print page ":" FNR ": " text >"/dev/stderr"; bad = 1 }
    function piece(path, name,    line, mark, on, n, i, indent, least, lines) {   # prints it without its common indentation
      least = 1000
      while ((getline line <path) > 0) {
        mark = line
        if (sub(/^[ \t]*(\/\/|#)[ \t]*\[/, "", mark) && sub(/\][ \t]*$/, "", mark)) {
          if (mark == name) on = 1
          if (mark == "/" name) on = 0
          continue
        }
        if (!on) continue
        lines[++n] = line
        indent = match(line, /[^ ]/)
        if (indent && indent - 1 < least) least = indent - 1
      }
      close(path)
      if (!n) wrong("no [" name "] in " path)
      for (i = 1; i <= n; i++) print substr(lines[i], least + 1)
    }
    /^```/ {
      if (inside) { inside = 0; path = ""; print; next }
      inside = 1; print
      if (path == "") wrong("a code block without a source")
      else piece(path, name)
      next
    }
    inside { if (path == "") print; next }
    { print; path = "" }
    /^<!-- [^ ]+ \[[^ ]+\] -->$/ { path = $2; name = substr($3, 2, length($3) - 2) }
    END { if (inside) wrong("a code block without an end"); exit bad }
  ' "$page" >"$new" || { status=1; continue; }
  cmp -s "$page" "$new" && continue
  case $1 in
    --write) cat "$new" >"$page"; echo "$page: up to date now" ;;
    *) diff -u "$page" "$new" || true; echo "$page differs from its sources: ./dev docs mends it"; status=1 ;;
  esac
done
exit $status
