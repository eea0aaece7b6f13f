"""What one writes in a notebook: open a graph, ask it, check it, take it elsewhere.

Each verb is a command of the same name, and does the same. `import kg` brings all of this, and loads
nothing until it is used. What goes wrong is a `KGError` that says where, what, and what to do.
"""
