git init --quiet
vendors
