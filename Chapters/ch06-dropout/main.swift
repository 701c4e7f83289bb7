// Chapter 6: learning with half the units missing.

Dropouts.main()
