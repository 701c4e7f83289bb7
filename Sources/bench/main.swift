// `./workbook bench`: how near to the machine's limit; PyTorch beside it

import Basics

reportOutputErrorsAtExit()
Bench.main()
