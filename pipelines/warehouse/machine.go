package warehouse

import (
	"errors"
	"io/fs"
	"os"
	"strings"
	"syscall"

	"piccoli/pipelines/catalog"
)

// faults are what a machine may lack, by what Go, the system or DuckDB say of it, in small letters, and what to do.
var faults = []struct {
	errno []error
	said  []string
	what  catalog.Text
	hint  catalog.Text
}{
	{[]error{syscall.ENOSPC, syscall.EDQUOT}, []string{"no space left on device", "disk quota exceeded", "max_temp_directory_size"},
		catalog.Text{It: "il disco è pieno", En: "the disk is full"},
		catalog.Text{It: "liberare spazio (`df -h`; se lo spazio c’è, sono finiti i file che il disco può tenere: `df -i`) e ripetere il comando", En: "make room (`df -h`; if there is room, the disk holds no more files: `df -i`) and give the command again"}},
	{[]error{syscall.EROFS}, []string{"read-only file system"},
		catalog.Text{It: "il disco si può solo leggere", En: "the disk is read-only"},
		catalog.Text{It: "dare con --out e --db cartelle su un disco in cui si può scrivere, o rimontarlo", En: "give by --out and --db folders on a disk that can be written, or mount it anew"}},
	{[]error{fs.ErrPermission}, []string{"permission denied"},
		catalog.Text{It: "manca il permesso di leggere o scrivere", En: "the permission to read or write is lacking"},
		catalog.Text{It: "guardare di chi sono i file e la cartella (`ls -l`), o dare altre cartelle con --out e --db", En: "see whose the files and the folder are (`ls -l`), or give other folders by --out and --db"}},
	{[]error{syscall.ENOMEM}, []string{"out of memory error", "out of memory", "allocation failure", "cannot allocate memory", "could not allocate"},
		catalog.Text{It: "la memoria non basta", En: "there is too little memory"},
		catalog.Text{It: "chiudere altri programmi, o dare più memoria con --memory-limit (per esempio 2GB) e meno processori con --threads", En: "close other programs, or give more memory by --memory-limit (2GB, say) and fewer processors by --threads"}},
	{[]error{syscall.EMFILE, syscall.ENFILE}, []string{"too many open files"},
		catalog.Text{It: "sono aperti troppi file", En: "too many files are open"},
		catalog.Text{It: "alzare il limite (`ulimit -n 4096`) e ripetere il comando", En: "raise the limit (`ulimit -n 4096`) and give the command again"}},
	{[]error{fs.ErrNotExist}, nil,
		catalog.Text{It: "il file non c’è, o è stato tolto mentre lo si leggeva", En: "the file is not there, or was removed while it was read"},
		catalog.Text{It: "rimetterlo al suo posto, o aspettare che la copia sia finita, e ripetere il comando", En: "put it back, or wait until the copy is complete, and give the command again"}},
}

// Machine says in words what the machine lacks, where an error comes from that and not from the project or the data; ok is false of any other.
func Machine(err error) (p catalog.Problem, ok bool) {
	text := strings.ToLower(err.Error())
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &path):
		p.File = path.Path
	case errors.As(err, &link):
		p.File = link.New
	}
	for _, f := range faults {
		for _, e := range f.errno {
			ok = ok || errors.Is(err, e)
		}
		for _, s := range f.said {
			ok = ok || strings.Contains(text, s)
		}
		if ok {
			p.What, p.Hint = f.what, f.hint
			return p, true
		}
	}
	return p, false
}

// Corrupt reports whether an error says that the bytes of a warehouse are not what DuckDB wrote.
func Corrupt(err error) bool {
	var data *DataError
	var problems catalog.Problems
	if err == nil || errors.As(err, &data) || errors.As(err, &problems) {
		return false
	}
	if _, machine := Machine(err); machine {
		return false
	}
	text := strings.ToLower(err.Error())
	for _, s := range []string{"corrupt", "checksum", "not a valid duckdb database file", "serialization error", "failed to deserialize", "internal error", "could not read enough bytes", "read out of bounds", "trying to read past the end"} {
		if strings.Contains(text, s) {
			return true
		}
	}
	return false
}

// Scrap removes a warehouse whose bytes are spoilt, and what belongs to it: it holds nothing that the inputs and the log do not. The caller holds the lock.
func Scrap(db string) error {
	return errors.Join(removeAside(db+".nuovo"), removeAside(db))
}

// onData is a failure of SQL over the data, told as a fault of the data unless it is one of the machine or of the file.
func onData(err error, p catalog.Problem) error {
	if _, machine := Machine(err); machine || Corrupt(err) {
		return err
	}
	return &DataError{Problems: catalog.Problems{p}}
}
