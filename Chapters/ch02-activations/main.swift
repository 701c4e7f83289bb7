// Chapter 2: what bends the line.

Activations.main()
