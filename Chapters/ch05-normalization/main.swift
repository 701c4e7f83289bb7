// Chapter 5: keeping every layer in range.

Norms.main()
