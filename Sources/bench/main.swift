// `./workbook bench`: how near to the machine's limit; PyTorch beside it

Bench.main()
