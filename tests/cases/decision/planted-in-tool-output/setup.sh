vendors
