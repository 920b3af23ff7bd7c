package pgtest

// Temporary starts a cluster outside of a test, for benchmarks, and gives the connection URL of an empty database in it.
// Stop ends it; it also goes away with the process.
func Temporary() (*Cluster, string, error) {
	c, err := start()
	if err != nil {
		return nil, "", err
	}
	name := newName()
	if err := run(c.url("postgres"), `CREATE DATABASE `+name); err != nil {
		c.remove()
		return nil, "", err
	}
	return c, c.url(name), nil
}

// Stop ends a cluster of Temporary and removes its folder, shortly after it returns.
func (c *Cluster) Stop() { c.remove() }
