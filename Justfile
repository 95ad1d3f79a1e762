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
    go test ./cmd/piccoli ./pipelines/warehouse ./pipelines/release ./site -run '^$' -bench . -benchtime 1x -timeout 120m

# kills build, release and fetch at so many moments, with a reader of the site meanwhile
kills n="200":
    PICCOLI_KILLS={{n}} go test ./cmd/piccoli -run TestKilledAnywhere -v -timeout 90m

# lets the machine fail in every way that can be made to happen, in the middle of a build; the faults of a disk need root
guasti:
    PICCOLI_GUASTI=1 go test ./cmd/piccoli -run TestFaults -v -timeout 60m

# lets `serve --watch` build so many times and looks whether files, goroutines and memory stay flat
perdite n="200":
    PICCOLI_RICOSTRUZIONI={{n}} go test ./cmd/piccoli -run TestWatchLeaksNothing -v -timeout 90m

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

# builds the program in two folders and wants the same bytes
riproducibile:
    #!/usr/bin/env bash
    set -euo pipefail
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    for folder in uno due/piu/in/fondo; do
      mkdir -p "$work/$folder"
      git archive HEAD | tar -x -C "$work/$folder"
      (cd "$work/$folder" && go build -trimpath -buildvcs=false -o "$work/piccoli-${folder%%/*}" ./cmd/piccoli)
    done
    sha256sum "$work"/piccoli-*
    cmp "$work/piccoli-uno" "$work/piccoli-due"

# writes what the program and the site are made of, as CycloneDX with licences, into .sbom
sbom:
    mkdir -p .sbom
    go build -trimpath -o .sbom/piccoli ./cmd/piccoli
    go run github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod@v1.10.0 bin -licenses -json -noserial -version "$(git rev-parse HEAD)" -output .sbom/piccoli.cdx.json .sbom/piccoli
    cd site && npm sbom --sbom-format cyclonedx --package-lock-only > ../.sbom/sito.cdx.json
    cd data/seeds && npm sbom --sbom-format cyclonedx --package-lock-only > ../../.sbom/seeds.cdx.json

# writes docs/licenze.csv, the licence of every module and package, anew
licenze: sbom
    node site/prove/licenze.mjs .sbom/*.cdx.json > docs/licenze.csv

# runs tests under the race detector: the packages that are quick, and chosen tests of those that are not
gara:
    go test -race -timeout 30m ./pipelines/catalog ./pipelines/desk
    go test -race -timeout 30m ./pipelines/ingest -run 'TestFetch|TestLimits|TestNoFile|TestFiles'
    go test -race -timeout 30m ./pipelines/warehouse -run 'TestIncremental|TestLock|TestReplace|TestDeliveries'
    go test -race -timeout 30m ./pipelines/release -run 'TestSameBytes|TestGate|TestFrozenHolds'
    go test -race -timeout 30m ./site -run 'TestDraw$|TestServedHeaders|TestSameBytes|TestFeeds'
    go test -race -timeout 30m ./cmd/piccoli -run 'TestNothingChanged|TestWatch$'
