QUERY = "*[_type == \"post\"]"
