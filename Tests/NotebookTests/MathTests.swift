// Formulas: TeX to one line of Unicode, to several lines, to MathML.

import Foundation
import Testing

@testable import Notebook

@Suite struct MathTests {
  @Test(
    "writes one line of Unicode",
    arguments: [
      (#"D_{in}"#, "Dᵢₙ"),
      (#"\mathrm{Var}(y) = D_{in}\,\mathrm{Var}(x)"#, "Var(y) = DᵢₙVar(x)"),
      (#"\frac{1}{n}"#, "1/n"),
      (#"\frac{a+b}{c\,d}"#, "(a + b)/(cd)"),
      (#"\sqrt{2/n}"#, "√(2/n)"),
      (#"\sqrt[3]{x}"#, "∛x"),
      (#"x^2_{l-1}"#, "xₗ₋₁²"),
      (#"-\log p_y"#, "−log p_y"),
      (#"\eta \nabla_\theta L"#, "η∇_θL"),
      (#"\hat{y} \in [0, 1]"#, "y\u{302} ∈ [0, 1]"),
      (#"\sum_{i=1}^{N} x_i"#, "∑ᵢ₌₁ᴺ xᵢ"),
      (#"a \to b \Rightarrow c"#, "a → b ⇒ c"),
      (#"\mathbb{R}^{n}"#, "ℝⁿ"),
      (#"f'(x)"#, "f′(x)"),
      (#"10^{-5}"#, "10⁻⁵"),
      (#"W^\top x"#, "W⊤x".replacing("⊤", with: "ᵀ")),
      (#"\text{if } x > 0"#, "if x > 0"),
      (#"1{,}5"#, "1,5".replacing(",", with: ", ")),
    ])
  func linear(tex: String, expected: String) {
    #expect(MathText.inline(tex).replacing("\u{A0}", with: " ") == expected)
  }

  @Test("stacks a fraction and the limits of a sum")
  func display() {
    #expect(
      MathBox.display(#"\sigma = \frac{1}{D_{in}}"#, width: 60) == [
        "      1",
        "σ = ─────",
        "     Dᵢₙ",
      ])
    #expect(
      MathBox.display(#"\sum_{i=1}^{N} x_i"#, width: 60) == [
        "  N",
        "  ∑   xᵢ",
        "i = 1",
      ])
  }

  @Test("draws brackets as tall as their content")
  func fences() {
    #expect(MathBox.display(#"\begin{pmatrix} 1 & 0 \\ 0 & 1 \end{pmatrix}"#, width: 60) == ["⎛1  0⎞", "⎝0  1⎠"])
    #expect(MathBox.display(#"f = \begin{cases} x & x > 0 \\ 0 & \text{else} \end{cases}"#, width: 60).count == 2)
  }

  @Test("breaks a long formula before a relation", arguments: [20, 26, 33])
  func breaking(width: Int) {
    let lines = MathBox.display(
      #"\mathrm{Var}(y_i) = D_{in} \cdot \mathrm{Var}(x) \cdot \mathrm{Var}(w) = \sigma^2"#, width: width)
    #expect(lines.allSatisfy { $0.columns <= width })
    #expect(lines.count > 1)
  }

  @Test(
    "says what is wrong and where",
    arguments: [
      (#"\frac{1"#, "{ without }"), (#"\unknown x"#, "unknown command \\unknown"), (#"x_1_2"#, "two subscripts"),
      (#"\left( x"#, "\\left without \\right"), (#"\begin{bmatrix} 1"#, "\\begin without \\end"),
      (#"x}"#, "} without {"),
      (#"x^"#, "^ without its argument"), (#"\begin{odd}x\end{odd}"#, "unknown environment odd"),
      (String(repeating: "{", count: 500), "formula nested too deeply"),
    ])
  func errors(tex: String, message: String) {
    do {
      _ = try TeXParser.parse(tex)
      Issue.record("\(tex) was read")
    } catch {
      #expect(error.message == message)
    }
    // Pages show the source, as text.
    #expect(MathML.html(tex, isDisplay: true).contains("<code class=\"tex-error\""))
    #expect(MathBox.display(tex, width: 60).joined().isEmpty == false)
  }

  @Test(
    "writes well-formed MathML that holds no tag of the author's",
    arguments: [
      #"\frac{a<b}{c>d}"#, #"\text{<script>alert(1)</script>}"#, #"\begin{cases} 1 & x<0 \\ 0 \end{cases}"#,
      #"\left\{ x \mid x \ge 0 \right\}"#, #"\underbrace{a+b}_{\text{two}}"#, #"\sqrt[n]{1+\hat x^2}"#,
      #"a &= b \\ &= c"#,
      #"\mathbf{W} \odot \boldsymbol{\theta}"#, #"\binom{n}{k} \max_{i} z_i \overline{ab}"#,
    ])
  func mathML(tex: String) throws {
    let html = MathML.html(tex, isDisplay: true)
    #expect(!html.contains("<script"))
    #expect(!html.contains("tex-error"))
    let parser = XMLTree(html)
    #expect(parser.isWellFormed, "\(html)")
  }

  @Test("a prime stands beside its letter, where fonts have raised it already", arguments: [#"f'"#, #"f''_i"#])
  func primes(tex: String) {
    let html = MathML.html(tex, isDisplay: false)
    #expect(!html.contains("<msup>") && !html.contains("<msubsup>"))
    #expect(html.contains(">\(String(repeating: "′", count: tex.count { $0 == "'" }))</mo></mrow>"))
    #expect(MathML.html("f'^2", isDisplay: false).contains("<msup>"))
  }

  @Test("sets words in subscripts upright and indices in italics")
  func subscripts() throws {
    #expect(MathML.html("D_{in}", isDisplay: false).contains("<mi>in</mi>"))
    #expect(MathML.html("W_{ij}", isDisplay: false).contains("<mi>i</mi><mi>j</mi>"))
  }
}

/// Whether tags close in the order in which they open.
struct XMLTree {
  var isWellFormed = true

  init(_ text: String) {
    var open: [String] = []
    var rest = text[...]
    while let start = rest.firstIndex(of: "<"), let end = rest[start...].firstIndex(of: ">") {
      let tag = rest[rest.index(after: start)..<end]
      rest = rest[rest.index(after: end)...]
      if tag.hasPrefix("/") {
        if open.popLast() != String(tag.dropFirst()) { isWellFormed = false }
      } else if !tag.hasSuffix("/"), !tag.hasPrefix("!") {
        open.append(String(tag.prefix { !$0.isWhitespace }))
      }
    }
    if !open.isEmpty { isWellFormed = false }
  }
}
