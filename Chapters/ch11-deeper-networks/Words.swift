// Numbers as the page writes them.

import Workbook

/// `11.5 G`, `714 M`: multiply-adds.
func giga(_ number: Int) -> String {
  number >= 1_000_000_000 ? fixed(Double(number) / 1e9, 2) + " G" : fixed(Double(number) / 1e6, 0) + " M"
}
