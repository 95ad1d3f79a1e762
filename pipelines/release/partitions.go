package release

import (
	"cmp"
	"context"
	"fmt"

	"piccoli/pipelines/catalog"
)

// noRegion is how Hive writes that a partition's column is empty.
const noRegion = "__HIVE_DEFAULT_PARTITION__"

// Partitioned reports whether a dataset is also published as a Hive-partitioned folder, a Parquet file for each region: of more than SmallRows rows, where they belong to regions.
func Partitioned(q *catalog.Query, rows int64) bool {
	c := q.Column(regionColumn)
	return rows > SmallRows && c != nil && c.Type == "text"
}

// PartitionGlob names the files of such a folder, from data/.
func PartitionGlob(dataset string) string {
	return dataset + "/" + regionColumn + "=*/" + dataset + ".parquet"
}

// partitions is that folder: data/<dataset>/codice_regione=NN/<dataset>.parquet. The column stands in the folder's name and not in the files, as readers of such folders
// want it: DuckDB and Arrow would find it twice. One COPY a region, since DuckDB's own partitioned writer keeps no order.
func (in Input) partitions(ctx context.Context, q *catalog.Query, rows int64) (out []part, err error) {
	if !Partitioned(q, rows) {
		return nil, nil
	}
	regions, err := in.pieceRows(ctx, q, []string{regionColumn})
	if err != nil {
		return nil, err
	}
	columns, key := in.selection(q)
	for _, r := range regions {
		name := cmp.Or(r.Where[0].Value, noRegion)
		out = append(out, part{path: "data/" + q.Name + "/" + regionColumn + "=" + name + "/" + q.Name + ".parquet", format: "parquet", rows: r,
			statement: fmt.Sprintf("copy (select %s from %s where %s order by %s) to %%s (%s)", "* exclude ("+regionColumn+")"+columns[1:], q.Ref().SQL(), r.condition(), key, escapeVerbs(in.parquetOptions(q)))})
	}
	return out, nil
}

// pieces says to programs where the folder is and by which column it is parted.
type pieces struct {
	By     []string `json:"by"`
	Files  string   `json:"files"` // a glob, from the file that says it
	Format string   `json:"format"`
}

func (in Input) pieces(q *catalog.Query, rows int64) *pieces {
	if !Partitioned(q, rows) {
		return nil
	}
	return &pieces{[]string{regionColumn}, PartitionGlob(q.Name), "parquet"}
}
