// Chapter 10: LeNet-5 learns to read digits, three times over.

LeNet.main()
