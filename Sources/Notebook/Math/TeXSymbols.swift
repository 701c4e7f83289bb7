// The TeX commands for symbols, names, accents and alphabets.

enum TeXSymbols {
  /// Commands for a symbol, with its class.
  static let symbols: [String: (String, MathNode.Class)] = {
    var table: [String: (String, MathNode.Class)] = [:]
    func add(_ kind: MathNode.Class, _ pairs: String) {
      for pair in pairs.split(whereSeparator: \.isWhitespace) {
        let parts = pair.split(separator: "=", maxSplits: 1)
        table[String(parts[0])] = (String(parts[1]), kind)
      }
    }
    add(
      .ordinary,
      """
      infty=∞ partial=∂ nabla=∇ emptyset=∅ varnothing=∅ forall=∀ exists=∃ neg=¬ lnot=¬ ell=ℓ hbar=ℏ Re=ℜ Im=ℑ
      ldots=… dots=… cdots=⋯ vdots=⋮ ddots=⋱ prime=′ top=⊤ bot=⊥ square=□ checkmark=✓ degree=° angle=∠ dagger=†
      """)
    add(
      .binary,
      """
      cdot=· times=× div=÷ pm=± mp=∓ ast=∗ star=⋆ circ=∘ bullet=• odot=⊙ oplus=⊕ otimes=⊗ cup=∪ cap=∩ setminus=∖
      wedge=∧ land=∧ vee=∨ lor=∨
      """)
    add(
      .relation,
      """
      le=≤ leq=≤ ge=≥ geq=≥ ne=≠ neq=≠ approx=≈ sim=∼ simeq=≃ equiv=≡ propto=∝ ll=≪ gg=≫ in=∈ notin=∉ ni=∋
      subset=⊂ subseteq=⊆ supset=⊃ to=→ rightarrow=→ leftarrow=← gets=← leftrightarrow=↔ Rightarrow=⇒ implies=⇒
      Leftarrow=⇐ Leftrightarrow=⇔ iff=⇔ mapsto=↦ longrightarrow=⟶ uparrow=↑ downarrow=↓ perp=⊥ parallel=∥ mid=∣
      triangleq=≜ coloneqq=≔ asymp=≍
      """)
    add(.large, "sum=∑ prod=∏ coprod=∐ int=∫ iint=∬ oint=∮ bigcup=⋃ bigcap=⋂ bigoplus=⨁")
    add(.open, "langle=⟨ lfloor=⌊ lceil=⌈ lvert=| lVert=‖ lbrace={ lbrack=[")
    add(.close, "rangle=⟩ rfloor=⌋ rceil=⌉ rvert=| rVert=‖ rbrace=} rbrack=]")
    table["vert"] = ("|", .ordinary)
    table["Vert"] = ("‖", .ordinary)
    table["|"] = ("‖", .ordinary)
    table["{"] = ("{", .open)
    table["}"] = ("}", .close)
    for character in ["%", "#", "&", "$", "_"] { table[character] = (character, .ordinary) }
    table["colon"] = (":", .punctuation)
    return table
  }()

  /// Greek letters; lowercase letters are set in italics.
  static let greek: [String: String] = {
    let pairs = """
      alpha=α beta=β gamma=γ delta=δ epsilon=ϵ varepsilon=ε zeta=ζ eta=η theta=θ vartheta=ϑ iota=ι kappa=κ lambda=λ
      mu=μ nu=ν xi=ξ pi=π varpi=ϖ rho=ρ varrho=ϱ sigma=σ varsigma=ς tau=τ upsilon=υ phi=ϕ varphi=φ chi=χ psi=ψ omega=ω
      Gamma=Γ Delta=Δ Theta=Θ Lambda=Λ Xi=Ξ Pi=Π Sigma=Σ Upsilon=Υ Phi=Φ Psi=Ψ Omega=Ω
      """
    return Dictionary(
      pairs.split(whereSeparator: \.isWhitespace).map { pair in
        let parts = pair.split(separator: "=")
        return (String(parts[0]), String(parts[1]))
      }, uniquingKeysWith: { first, _ in first })
  }()

  /// Functions with upright names.
  static let names: Set<String> = [
    "log", "ln", "exp", "sin", "cos", "tan", "sinh", "cosh", "tanh", "arctan", "arcsin", "arccos", "det", "dim", "ker",
    "deg", "arg", "gcd", "sgn", "Pr", "tr",
  ]
  /// Functions whose subscript is placed below them in displayed formulas.
  static let limitNames: [String: String] = [
    "lim": "lim", "max": "max", "min": "min", "sup": "sup", "inf": "inf", "argmax": "arg max", "argmin": "arg min",
    "limsup": "lim sup", "liminf": "lim inf",
  ]
  /// Accents.
  static let accents: [String: MathNode.Accent] = [
    "hat": .hat, "widehat": .hat, "bar": .bar, "tilde": .tilde, "widetilde": .tilde, "dot": .dot, "ddot": .doubleDot,
    "vec": .vector, "overline": .overline, "underline": .underline,
  ]
  /// Spaces in em.
  static let spaces: [String: Double] = [
    ",": 0.17, ":": 0.22, ">": 0.22, ";": 0.28, " ": 0.33, "!": -0.17, "quad": 1, "qquad": 2, "enspace": 0.5,
    "thinspace": 0.17,
  ]

  /// An alphabet for letters.
  enum Alphabet { case bold, blackboard, calligraphic, boldItalic }

  /// Returns a letter in another alphabet, or the letter itself if the alphabet does not contain it.
  static func letter(_ letter: Character, in alphabet: Alphabet) -> String {
    let exceptions: [Character: String]
    let capital: UInt32
    let small: UInt32?
    var digit: UInt32?
    switch alphabet {
    case .bold: (exceptions, capital, small, digit) = ([:], 0x1D400, 0x1D41A, 0x1D7CE)
    case .boldItalic: (exceptions, capital, small) = ([:], 0x1D468, 0x1D482)
    case .blackboard:
      exceptions = ["C": "ℂ", "H": "ℍ", "N": "ℕ", "P": "ℙ", "Q": "ℚ", "R": "ℝ", "Z": "ℤ", "1": "𝟙"]
      (capital, small) = (0x1D538, 0x1D552)
    case .calligraphic:
      exceptions = ["B": "ℬ", "E": "ℰ", "F": "ℱ", "H": "ℋ", "I": "ℐ", "L": "ℒ", "M": "ℳ", "R": "ℛ"]
      (capital, small) = (0x1D49C, nil)
    }
    if let exception = exceptions[letter] { return exception }
    guard let code = letter.asciiValue.map(UInt32.init) else {
      // Bold Greek: α … ω and Α … Ω have the same order in the mathematical alphabet.
      if alphabet == .bold || alphabet == .boldItalic, let scalar = letter.unicodeScalars.first?.value {
        if (0x3B1...0x3C9).contains(scalar) {
          return Unicode.Scalar(0x1D6C2 + scalar - 0x3B1).map { String($0) } ?? String(letter)
        }
        if (0x391...0x3A9).contains(scalar) {
          return Unicode.Scalar(0x1D6A8 + scalar - 0x391).map { String($0) } ?? String(letter)
        }
      }
      return String(letter)
    }
    let scalar: UInt32? =
      switch code {
      case 65...90: capital + code - 65
      case 97...122: small.map { $0 + code - 97 }
      case 48...57: digit.map { $0 + code - 48 }
      default: nil
      }
    return scalar.flatMap(Unicode.Scalar.init).map { String($0) } ?? String(letter)
  }
}
