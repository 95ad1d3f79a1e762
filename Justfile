# `just` runs what CI runs; `npx rust-just` where just is not installed.

# everything that must hold before a change lands
ci:
    bash .ci/run

# the warehouse, the datasets and the site, from the committed facts
build:
    go run ./cmd/piccoli build

# all tests (build first: the tests in Chromium look at site/dist)
test:
    go test -timeout 75m ./...

# form, vet and staticcheck
lint:
    gofmt -l cmd pipelines site data
    go vet ./...
    go tool staticcheck ./...

# builds the site of a simulated year and the one with PA digitale, and looks at each like that of the committed facts
stati:
    PICCOLI_STATI=1 go test ./site -run TestStates -v -timeout 60m

# records a run of the browser tests, which the page on accessibility tells
accessibilita: build
    PICCOLI_ESITO=1 go test ./site -run 'TestBrowser$'

# makes the pictures of the guides anew: terminals from what the commands say, a sheet through LibreOffice, a page through Chromium
immagini:
    go test ./cmd/piccoli -run TestGuides -update
    go run ./cmd/piccoli simulate --out "$PWD/.immagini/consegne"
    go run ./cmd/piccoli build --inbox .immagini/consegne --out .immagini/sito --db .immagini/magazzino.duckdb
    PICCOLI_IMMAGINI="$PWD/.immagini/magazzino.duckdb" go test ./cmd/piccoli -run TestPictures
    rm -r .immagini

# shows the site on this computer
serve:
    go run ./cmd/piccoli serve

# writes the wanted outputs of the tests anew: read every line before you commit it
golden:
    go test ./pipelines/catalog ./pipelines/warehouse ./pipelines/release -update
    git diff --stat

# rebuilds the seeds that come from npm packages and compares them with the committed ones
seeds:
    cd data/seeds && npm ci --ignore-scripts
    go run ./data/seeds/crea

# times the build beside DuckDB alone
bench:
    go test ./cmd/piccoli -run '^$' -bench . -benchtime 5x

# kills build, release and fetch at so many moments, with a reader of the site meanwhile
kills n="200":
    PICCOLI_KILLS={{n}} go test ./cmd/piccoli -run TestKilledAnywhere -v -timeout 90m

# tries each property so many times
properties n="100":
    go test ./pipelines/warehouse -run 'TestNoRowIsLost|TestRegionsAreSumsOfComuni' -v -timeout 60m -rapid.checks {{n}}
    go test ./pipelines/release -run TestVersionsHold -v -timeout 60m -rapid.checks {{n}}

# lets each fuzz target look for what breaks it, for so long; a finding becomes a file below testdata/fuzz
fuzz time="10m":
    #!/usr/bin/env bash
    set -euo pipefail
    grep -ho '^func Fuzz[A-Za-z]*' pipelines/*/fuzz_test.go --with-filename | sed 's|/fuzz_test.go:func | |' | while read -r package target; do
      go test "./$package" -run '^$' -fuzz "^$target\$" -fuzztime {{time}} -parallel 1
    done

# asks the databases of known weaknesses about the modules and packages that are used: needs the network
audit:
    go run golang.org/x/vuln/cmd/govulncheck@v1.9.0 ./...
    cd site && npm audit
    cd data/seeds && npm audit
