// The functions of Foundation that the core uses. Those of `Float` are computed in `Double` and rounded once.

@_exported import Glibc

public func exp(_ x: Float) -> Float { Float(exp(Double(x))) }
public func log(_ x: Float) -> Float { Float(log(Double(x))) }
public func log1p(_ x: Float) -> Float { Float(log1p(Double(x))) }
public func pow(_ x: Float, _ y: Float) -> Float { Float(pow(Double(x), Double(y))) }
public func sin(_ x: Float) -> Float { Float(sin(Double(x))) }
public func cos(_ x: Float) -> Float { Float(cos(Double(x))) }
public func tanh(_ x: Float) -> Float { Float(tanh(Double(x))) }
