// Chapter 2: what functions the line.

Activations.main()
