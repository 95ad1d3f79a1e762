# `just` runs what CI runs; `npx rust-just` where just is not installed.

# everything that must hold before a change lands
ci:
    bash .ci/run

# the warehouse, the datasets and the site, from the committed facts
build:
    go run ./cmd/piccoli build

# all tests (build first: the tests in Chromium look at site/dist)
test:
    go test ./...

# form, vet and staticcheck
lint:
    gofmt -l cmd pipelines site data
    go vet ./...
    go tool staticcheck ./...

# records a run of the browser tests, which the page on accessibility tells
accessibilita: build
    PICCOLI_ESITO=1 go test ./site -run 'TestBrowser$'

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
