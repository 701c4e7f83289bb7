// Chapter 8: what counts as wrong, and how hard the network is told.

Losses.main()
