// Chapter 11: deeper.

DeeperNetworks.main()
