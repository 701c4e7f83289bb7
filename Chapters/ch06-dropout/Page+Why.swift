// The page of chapter 6: why dropout helps, as far as its experiments say.

import Workbook

extension Dropouts {
  /// Which reason stands for pixels, which for hidden units, and what is open.
  static func addWhy(to page: inout Page, _ told: Findings) {
    guard told.recipe != nil, let ours = told.ours, ours.losses.count >= 3, let alone = told.bestAlone else { return }
    let lines = [pixels(told, ours, alone), units(told, ours), penalty(told, alone), open(told)].filter { !$0.isEmpty }
    page.prose("## Why, as far as we know\n\n" + lines.map { "- \($0)" }.joined(separator: "\n"))
    page.slide("Why does it help, as far as we know?", lines.prefix(3).map { "- \($0)" }.joined(separator: "\n"))
  }

  private static func pixels(_ told: Findings, _ ours: OurShares, _ alone: (pixels: Alone, units: Alone)) -> String {
    var words = "**Pixels: they act like more images.** Each image comes in ever new versions"
    let rows = told.settings
    if let more = rows.first(where: { $0.name.contains("images, ") && $0.name.hasSuffix("steps") }),
      saves(alone.pixels.gain - more.pixels.gain), let shifted = told.plain(.shifted),
      let onTop = told.bestPixels(.shifted, nil),
      saves(alone.pixels.gain - difference(shifted.testErrors, onTop.net.testErrors))
    {
      words += "; where there are more images, or shifted ones, they save less"
    }
    words += "."
    if !saves(ours.losses[0] - ours.losses[1]) { words += " Less co-adaptation of hidden units is not the reason." }
    return words
  }

  private static func units(_ told: Findings, _ ours: OurShares) -> String {
    let rows = told.lengthRows
    guard let lost = ours.losses.count > 3 ? ours.losses[3] : ours.losses.last, saves(ours.losses[0] - lost) else {
      return ""
    }
    let better = rows.count == 4 && rows[2].less[1].direction(among: 6) == .above
    return "**Hidden units: less co-adaptation may be a reason.** So trained, nets lose less with half of the units"
      + (better ? ", and after \(grouped(told.fewLonger?.steps ?? 0)) steps noise is not as good." : ".")
  }

  private static func penalty(_ told: Findings, _ alone: (pixels: Alone, units: Alone)) -> String {
    let decay = told.gain(told.decay)
    guard saves(alone.pixels.gain - decay) else { return "" }
    return
      "**A penalty on large weights is not all:** L2 saves \(fixed(decay.mean, 1)) points, dropped pixels \(fixed(alone.pixels.gain.mean, 1))."
  }

  private static func open(_ told: Findings) -> String {
    "**Open:** whether averaging many nets is a cause; why hidden units pay on photographs, pixels on digits."
  }
}
