// `./workbook bench`: how fast everything is beside the machine's limit; PyTorch in turn with it where installed

Bench.main()
