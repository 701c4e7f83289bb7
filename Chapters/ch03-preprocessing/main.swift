// Chapter 3: what subtracting a mean does for a descent.

Preprocessings.main()
