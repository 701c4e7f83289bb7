// Chapter 7: which restraint helps on data never seen, and which hurts?

Regularization.main()
