// `./workbook bench`: speed relative to the machine's limit, and to PyTorch.

import Basics

reportOutputErrorsAtExit()
Bench.main()
