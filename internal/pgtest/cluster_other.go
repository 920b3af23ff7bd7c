//go:build !unix

package pgtest

import "errors"

// Cluster is a PostgreSQL server in a temporary folder; this system has none.
type Cluster struct{}

var errNoCluster = errors.New("no temporary PostgreSQL on this system; set $" + Variable)

func start() (*Cluster, error) { return nil, errNoCluster }

// Start always fails here.
func (c *Cluster) Start() error { return errNoCluster }

// Kill always fails here.
func (c *Cluster) Kill() error { return errNoCluster }

func (c *Cluster) remove() {}

func (c *Cluster) url(string) string { return "" }
