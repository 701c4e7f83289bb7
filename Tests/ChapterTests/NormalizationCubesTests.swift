// Chapter 5's own kind of plot.

import Foundation
import Testing
import Workbook

@testable import Notebook
@testable import ch05_normalization

@Suite("Chapter 5: the cubes")
struct NormalizationCubesTests {
  private let cubes = NormalizationCubes(cubes: Normalization.four.map(\.cube))
  /// Text that would be markup, a command or a separate line.
  private let hostile = #"a'b `touch pwned` <script>alert(1)</script>"# + "\nsecond line"

  @Test("in words: who shares with whom")
  func words() {
    #expect(cubes.altText.contains("batch norm shares statistics over 4 of 4 samples, 1 of 6 channels and 4 of 4 pos"))
    #expect(cubes.altText.contains("instance norm shares statistics over 1 of 4 samples, 1 of 6 channels"))
    #expect(cubes.table(maximumRows: 10).rows.count == 4)
    // One line for each element of each cube; half of group norm's channels in one sample are shared.
    #expect(cubes.csv.rows.count == 4 * 4 * 6 * 4)
    #expect(cubes.csv.rows.count { $0.hasPrefix("group norm,") && $0.hasSuffix(",1") } == 3 * 4)
  }

  @Test("drawn on a page and in every terminal, with nothing in them too", .enabled(if: Gnuplot.isAvailable))
  func drawn() throws {
    let none = NormalizationCube("none", extents: (0, 0, 0)) { _, _, _ in true }
    for kind in [cubes, NormalizationCubes(cubes: []), NormalizationCubes(cubes: [none])] {
      let figure = try FigureRenderer(theme: .light).render([Figure("Who shares", Plot(kind))])
      #expect(figure.first?.svgs.isEmpty == false)
      for graphics in [TerminalGraphics.braille(color: true), .dumb] {
        _ = try TerminalPicture.draw(Plot(kind), columns: 50, graphics: graphics, theme: .dark)
      }
    }
    let text = try TerminalPicture.draw(Plot(cubes), columns: 80, graphics: .braille(color: false), theme: .dark)
    for name in ["batch norm", "layer norm", "instance norm", "group norm"] { #expect(text.contains(name)) }
    #expect(text.unicodeScalars.contains { (0x2801...0x28FF).contains($0.value) })
  }

  @Test("names stay text", .enabled(if: Gnuplot.isAvailable))
  func names() throws {
    let kind = NormalizationCubes(cubes: [NormalizationCube(hostile) { n, _, _ in n == 0 }])
    let svg = try #require(try FigureRenderer(theme: .light).render([Figure("h", Plot(kind))]).first?.svgs.first)
    #expect(!svg.contains("<script") && !FileManager.default.fileExists(atPath: "pwned"))
    #expect(!kind.script(PlotStyle(theme: .light)).text().contains("\nsecond line"))
  }
}
