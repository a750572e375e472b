"""A unit without hardware: the same program, its real drivers, on virtual readers, pins and rings."""
