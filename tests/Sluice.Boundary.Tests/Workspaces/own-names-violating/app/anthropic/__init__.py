NAME = "a module inside a package is not at the top"
