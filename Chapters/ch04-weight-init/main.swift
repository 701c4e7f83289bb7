// Chapter 4: why the first weights matter.

WeightInit.main()
