// Package duck keeps the warehouse in DuckDB, embedded in the program.
//
// The file is a cache: one that is damaged or of another version is moved aside, and the caller builds it anew because
// its stamps are empty. DuckDB may not reach the network, other files or extensions.
//
// Without cgo, or with the build tag noduck, the package opens the plain engine in memory instead.
package duck

// Options says where the warehouse lies and what it may use.
type Options struct {
	Path     string                        // file; "" = in memory
	MemoryMB int                           // bound on DuckDB's memory, 512 by default; more goes to temporary files beside Path
	Threads  int                           // 2 by default
	Moved    func(aside string, why error) // told when a file was moved aside; may be nil
}
