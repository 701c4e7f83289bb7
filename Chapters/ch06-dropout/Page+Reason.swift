// The page of chapter 6: the reason that dropout's inventors gave, and its test.

import Workbook

extension Dropouts {
  /// Units that rely on each other: how much nets lose with half of them.
  static func addReason(to page: inout Page, _ told: Findings) {
    let reason = """
      Why should that help? Its inventors' reason is *co-adaptation*: in a large net a few units can join in a trick that recognizes one single image (Hinton et al. 2012). \
      Say one unit answers to 30 images, and another cancels it for 29 of them. If either may be missing in the next step, the trick fails.
      """
    guard let ours = told.ours, ours.losses.count >= 3, let alone = told.bestAlone else { return page.prose(reason) }
    page.prose(
      "\(reason) Then nets with dropout should lose less if we take away half of the units of their first hidden layer and double the others:"
    )
    let names = [
      "nothing", "pixels, \(short(alone.pixels.share))", "both, our shares",
      "hidden units, \(short(alone.units.share))",
    ]
    let nets = zip(names, zip(ours.damage, ours.losses)).map { (name: $0, damage: $1.0, loss: $1.1) }
    // Hidden units alone were measured last.
    let order = nets.count == 4 ? [0, 1, 3, 2] : Array(nets.indices)
    page.table(
      Table(
        "Error on new images (%) of trained nets, \(counted(ours.losses[0].count, "seed"))",
        columns: [
          "dropped in training", .init("whole", digits: 1), .init("half gone", digits: 1),
          "points lost (95 % interval)",
        ],
        rows: order.map { nets[$0] }.map { net in
          [TableCell(net.name), .number(net.damage[0].mean), .number(net.damage[1].mean), TableCell(spread(net.loss))]
        }))
    page.prose(reasonWords(ours, alone))
  }

  private static func reasonWords(_ ours: OurShares, _ alone: (pixels: Alone, units: Alone)) -> String {
    let (both, pixels) = (ours.losses[0] - ours.losses[2], ours.losses[0] - ours.losses[1])
    let spared = both.worded(
      above: "Where hidden units were dropped, a net loses less, as it was trained to.",
      below: "Where hidden units were dropped, a net loses more.",
      withinChance: "Where hidden units were dropped, we cannot say that a net loses less.")
    guard !saves(pixels), saves(alone.pixels.gain) else { return spared }
    return
      "\(spared) **With pixels alone dropped it loses no less than the plain net, and yet errs less on new images.**"
  }
}
