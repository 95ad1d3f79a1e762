package release

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"

	"piccoli/pipelines/catalog"
	"piccoli/pipelines/warehouse"
)

const benchRows = 5_000_000

// writeBig writes a folder of data with one dataset of five million rows and ten columns, as Parquet and CSV, with its manifest. where and change are
// SQL: which rows it holds, and what an amount is.
func writeBig(b *testing.B, where, amount string) string {
	b.Helper()
	ctx := context.Background()
	folder := b.TempDir()
	db, err := warehouse.Scratch(ctx, 0, "1GB", b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	rows := fmt.Sprintf(`select printf('C%%07d', i) as id, printf('%%06d', i %% 7904) as codice_istat, 'piano di rafforzamento ' || (i %% 977) as titolo, date '2020-05-21' + (i %% 900)::integer as data,
		(%s)::decimal(18,2) as importo_eur, (i %% 3 = 0) as ammessa, (i %% 20)::integer as regione, md5((i / 7)::varchar) as sigla, (i * 31)::bigint as numero, case when i %% 5 = 0 then null else 'nota ' || i end as nota
		from range(%d) as r(i) where %s order by id`, amount, benchRows, where)
	d := Contract{Name: "molte", Title: same("Molte"), Description: same("Molte righe"), Grain: same("una riga"), Key: []string{"id"}}
	yes := true
	for _, c := range [][2]string{{"id", "text"}, {"codice_istat", "text"}, {"titolo", "text"}, {"data", "date"}, {"importo_eur", "decimal(18,2)"}, {"ammessa", "boolean"}, {"regione", "integer"}, {"sigla", "text"}, {"numero", "bigint"}, {"nota", "text"}} {
		column := ColumnOf{Name: c[0], Type: c[1], Description: same(c[0])}
		if c[0] == "importo_eur" {
			column.Additive = &yes
		}
		d.Columns = append(d.Columns, column)
	}
	meta := []string{"title_it: 'Molte', title_en: 'Molte', description_it: 'Molte righe', description_en: 'Molte righe', primary_key: 'id'"}
	for _, c := range d.Columns {
		meta = append(meta, fmt.Sprintf("%s: '%s', %s: '%s'", catalog.Quote("column."+c.Name+".it"), c.Name, catalog.Quote("column."+c.Name+".en"), c.Name))
	}
	m := Manifest{Format: manifestFormat, Date: "2026-01-31", Queries: []Source{}, Inputs: []Source{}}
	for format, options := range map[string]string{"parquet": "format parquet, compression zstd, row_group_size 100000, kv_metadata {" + strings.Join(meta, ", ") + "}", "csv": "format csv, header true"} {
		to := filepath.Join(folder, "molte."+format)
		if _, err := db.ExecContext(ctx, fmt.Sprintf("copy (%s) to %s (%s)", rows, catalog.Literal(to), options)); err != nil {
			b.Fatal(err)
		}
		if err := db.QueryRowContext(ctx, "select count(*) from "+catalog.Literal(to)).Scan(&d.Rows); err != nil {
			b.Fatal(err)
		}
		f, err := describe(to, "molte."+format, format)
		if err != nil {
			b.Fatal(err)
		}
		if format == "csv" {
			d.SHA256 = f.SHA256
		}
		m.Files = append(m.Files, Output{Path: f.Path, SHA256: f.SHA256, Bytes: f.Bytes, Format: format, Dataset: "molte", Rows: &d.Rows})
	}
	sortOutputs(m.Files)
	m.Datasets = []Contract{d}
	text, err := encode(m)
	if err != nil {
		b.Fatal(err)
	}
	digests := map[string]string{manifestName: Digest(text), latestName: Digest(nil)}
	for _, o := range m.Files {
		digests[o.Path] = o.SHA256
	}
	for name, body := range map[string][]byte{manifestName: text, latestName: nil, sumsName: sums(digests)} {
		if err := os.WriteFile(filepath.Join(folder, name), body, 0o644); err != nil {
			b.Fatal(err)
		}
	}
	return folder
}

// BenchmarkDiff compares two versions of five million rows of which one in a hundred differs, and prints the peak of memory.
func BenchmarkDiff(b *testing.B) {
	before := writeBig(b, "i % 1000 <> 7", "(i * 7919) % 100000 + 0.10")
	after := writeBig(b, "i % 1000 <> 9", "case when i % 100 = 3 then 1.50 else (i * 7919) % 100000 + 0.10 end")
	debug.FreeOSMemory()
	if err := os.WriteFile("/proc/self/clear_refs", []byte("5"), 0); err != nil { // the peak of what wrote the versions does not count
		b.Skip(err)
	}
	for b.Loop() {
		c, err := Diff(context.Background(), before, after, Differ{Rows: b.TempDir()})
		if err != nil {
			b.Fatal(err)
		}
		if d := c.Datasets[0]; d.Added != 5000 || d.Removed != 5000 || d.Changed < 49_000 {
			b.Fatalf("added %d, removed %d, changed %d", d.Added, d.Removed, d.Changed)
		}
	}
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		b.Fatal(err)
	}
	for line := range strings.Lines(string(status)) {
		if peak, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kib, err := strconv.ParseFloat(strings.Fields(peak)[0], 64)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(kib/1024, "MiB-peak")
		}
	}
}

// BenchmarkVerify verifies the same beside sha256sum alone on the same files.
func BenchmarkVerify(b *testing.B) {
	folder := writeBig(b, "true", "(i * 7919) % 100000 + 0.10")
	b.Run("verify", func(b *testing.B) {
		for b.Loop() {
			v, err := Verify(context.Background(), folder, Verifier{})
			if err != nil || len(v.Problems) > 0 {
				b.Fatal(err, v.Problems)
			}
			b.SetBytes(v.Bytes)
		}
	})
	b.Run("sha256sum", func(b *testing.B) {
		for b.Loop() {
			if out, err := exec.Command("sh", "-c", "cd "+folder+" && sha256sum -c --quiet SHA256SUMS").CombinedOutput(); err != nil {
				b.Fatal(err, string(out))
			}
		}
		info, err := os.Stat(filepath.Join(folder, "molte.csv"))
		if err != nil {
			b.Fatal(err)
		}
		b.SetBytes(info.Size())
	})
}
