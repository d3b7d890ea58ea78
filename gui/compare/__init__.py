"""Networks of several runs side by side, as plain data: columns, and the lines of each table."""
