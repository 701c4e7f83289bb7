// Numbers as the page writes them.

import Workbook

/// `11.5 G`, `714 M`: multiply-adds.
func giga(_ number: Int) -> String {
  number >= 1_000_000_000 ? fixed(Double(number) / 1e9, 2) + " G" : fixed(Double(number) / 1e6, 0) + " M"
}

/// What arrives of a gradient: `0.66`, `1.5×10⁻¹⁹`; `< 10⁻³⁷` below the numbers that 32 bits hold with all their digits.
func arrivalText(_ norm: Double) -> String {
  norm < 1e-37 ? "< 10⁻³⁷" : short(norm)
}
