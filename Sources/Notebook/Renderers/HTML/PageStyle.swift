// The style of pages, slides and print. Colours of text have a contrast of at least 4.5 to their ground in all themes.

enum PageStyle {
  private static let light =
    "color-scheme:light;--bg:#fdfcf9;--fg:#1d2024;--mute:#5a616b;--line:#e0dcd2;--card:#f5f2ea;--blue:#00659e;--green:#00694a;--red:#a94300;--pink:#94476f;--gold:#7a5b00;--mark:#fff3c4"
  private static let dark =
    "color-scheme:dark;--bg:#15171a;--fg:#e8e6e1;--mute:#a3aab4;--line:#31363c;--card:#1e2125;--blue:#6cbcee;--green:#4cc9a0;--red:#f39b69;--pink:#e6abcc;--gold:#e2bf57;--mark:#4a3f14"
  private static let projector =
    "color-scheme:light;--bg:#fff;--fg:#000;--mute:#333;--line:#bbb;--card:#f2f2f2;--blue:#005a8c;--green:#005c41;--red:#963c00;--pink:#833c61;--gold:#614800;--mark:#ffef9e"

  static let css = """
    :root{\(light)}
    @media(prefers-color-scheme:dark){:root:not([data-theme]){\(dark)}}
    :root[data-theme=light]{\(light)}:root[data-theme=dark]{\(dark)}:root[data-theme=projector]{\(projector)}
    """ + rules + "@media print{:root[data-theme],:root:not([data-theme]){\(light)}}" + FigureRenderer.styleSheet

  private static let rules = #"""

    *{box-sizing:border-box}
    html{font:17px/1.62 Inter,system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;background:var(--bg);color:var(--fg);scroll-padding-top:1.5rem;-webkit-text-size-adjust:100%;overflow-wrap:break-word}
    html[data-theme=projector]{font-size:21px}
    @media(min-width:1700px){html{font-size:19px}html[data-theme=projector]{font-size:26px}}
    @media(prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}}
    body{margin:0}
    a{color:var(--blue);text-underline-offset:.15em;text-decoration-thickness:.06em}
    :focus-visible{outline:3px solid var(--blue);outline-offset:2px;border-radius:3px}
    [tabindex="-1"]:focus{outline:0}
    button{font:inherit;color:inherit;background:none;border:1px solid var(--line);border-radius:6px;cursor:pointer}
    button:hover{border-color:var(--blue)}
    kbd{font:inherit;border:1px solid var(--line);border-radius:4px;padding:0 .38em}
    code,pre{font-family:"JetBrains Mono","DejaVu Sans Mono",ui-monospace,Menlo,Consolas,monospace}
    code{font-size:.88em}
    :not(pre)>code{background:var(--card);border-radius:4px;padding:.08em .3em;overflow-wrap:anywhere}
    .skip{position:absolute;left:-99rem;top:0;background:var(--bg);padding:.5rem 1rem;z-index:9}.skip:focus{left:0}
    .hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
    header.top,footer{display:flex;gap:1.6rem;align-items:baseline;justify-content:space-between;padding:.75rem 1.6rem;font-size:.8rem;color:var(--mute)}
    header.top{border-bottom:1px solid var(--line)}footer{border-top:1px solid var(--line);margin-top:4rem;flex-wrap:wrap}
    header.top a{color:inherit;text-decoration:none}header.top a:hover{text-decoration:underline}
    .top .book{font-weight:700;color:var(--fg);white-space:nowrap}.top nav{display:flex;gap:1.3rem;flex:1;min-width:0}.top .gap{flex:1}.top nav>*{white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
    .top a[aria-current]{color:var(--blue);font-weight:600}
    .keys{display:flex;gap:.5rem}.keys button{border-color:transparent;padding:.1rem .35rem;white-space:nowrap}
    main{max-width:46rem;margin:0 auto;padding:2.4rem 1.2rem 0;position:relative}
    .kicker{color:var(--mute);font-size:.85rem;margin:0}
    h1{font-size:2.55rem;line-height:1.1;letter-spacing:-.022em;margin:.3rem 0 .9rem;text-wrap:balance}
    .lead{font-size:1.2rem;color:var(--mute);line-height:1.5;margin:0 0 1rem;text-wrap:pretty}
    h2{font-size:1.38rem;margin:2.9rem 0 .5rem;letter-spacing:-.012em;line-height:1.25}h3{font-size:1.08rem;margin:1.9rem 0 .3rem}
    .anchor{opacity:0;margin-left:.4em;color:var(--mute);text-decoration:none;font-weight:400}h2:hover .anchor,.anchor:focus{opacity:1}
    p{margin:.75rem 0;text-wrap:pretty}
    .text>ul,.text>ol,.box ul,.box ol{padding-left:1.35rem;margin:.75rem 0}li{margin:.25rem 0}li::marker{color:var(--mute)}
    blockquote{margin:1.1rem 0;padding-left:1rem;border-left:3px solid var(--line);color:var(--mute)}
    .rule{border-top:1px solid var(--line);margin:2rem 25%}
    .toc{font-size:.8rem;line-height:1.45;color:var(--mute);max-width:46rem;margin:1rem auto -1rem;padding:0 1.2rem}
    .toc ol{list-style:none;margin:.4rem 0;padding:0}.toc li{margin:.42rem 0}.toc a{color:inherit;text-decoration:none}.toc a:hover,.toc a.here{color:var(--blue)}.toc a.here{font-weight:600}
    .toc summary{cursor:pointer;font-weight:600}
    .math{margin:1.15rem 0;overflow-x:auto;overflow-y:hidden;padding:.3rem 0;text-align:center}
    math{font-family:"STIX Two Math","Latin Modern Math","Cambria Math","Libertinus Math","DejaVu Math TeX Gyre",math,serif;font-size:1.08em}.math math{font-size:1.22em}
    mtd{padding:.25em .5em}
    .tex-error{color:var(--red)}
    figure{margin:2rem 0}
    .pic svg,.frame svg{width:100%;height:auto;display:block;overflow:visible}
    figcaption{font-size:.86rem;color:var(--mute);line-height:1.5;margin-top:.55rem}figcaption b,.finding{color:var(--fg)}.finding{font-weight:500}
    .dl{float:right;display:inline-flex;gap:.35rem;margin-left:1rem}.dl a,.dl button{font-size:.76rem;line-height:1.5;color:var(--mute);border:1px solid var(--line);border-radius:6px;padding:.02rem .5rem;text-decoration:none}.dl button:hover,.dl a:hover{border-color:var(--blue)}.dl .file{white-space:nowrap}
    .numbers{font-size:.8rem;color:var(--mute);margin-top:.35rem}.numbers[open]{clear:both}.plot::after{content:"";display:block;clear:both}.numbers summary{cursor:pointer;width:fit-content}.numbers .scroll{max-height:22rem;overflow:auto}
    .explore{display:grid;grid-template-columns:auto auto 1fr auto;gap:.4rem .8rem;align-items:center;font-size:.86rem;background:var(--card);border-radius:10px;padding:.55rem .9rem;margin-top:.5rem}
    .explore input{width:100%;accent-color:var(--blue);height:1.9rem;cursor:pointer}.explore output{font-variant-numeric:tabular-nums;font-weight:600;min-width:4.5em;text-align:right}.play{width:2.1rem;height:2.1rem;border-radius:50%;line-height:1;padding:0;background:var(--bg)}
    .strip{display:none}
    .wide{margin-left:-3.2rem;margin-right:-3.2rem;clear:both}.wide figcaption,.wide .numbers,.wide .explore{margin-left:3.2rem;margin-right:3.2rem}
    .code{--under:var(--card);background:var(--card);border-radius:10px;margin:1.5rem 0}
    pre{margin:0;overflow-x:auto;border-radius:inherit;padding:.95rem 1.15rem;font-size:.79rem;line-height:1.6;tab-size:2}pre code{font-size:inherit}
    .box pre{--under:var(--bg);background-color:var(--bg);border-radius:8px}
    .code figcaption{display:flex;gap:1rem;align-items:center;justify-content:space-between;margin:0;padding:.4rem 1.15rem .55rem;border-top:1px solid var(--line);font-size:.76rem}.copy{font-size:.76rem;padding:0 .6rem}
    .k{color:var(--blue)}.s{color:var(--red)}.c{color:var(--mute);font-style:italic}.n{color:var(--pink)}.t{color:var(--green)}
    .box{--under:var(--card);border-left:4px solid;border-radius:0 10px 10px 0;background:var(--card);padding:.85rem 1.2rem;margin:1.6rem 0}.box>p:last-child{margin-bottom:0}.box>.tag+p{margin-top:.2rem}
    .tag{font-size:.74rem;font-weight:700;letter-spacing:.07em;text-transform:uppercase;margin:0}
    .predict,.note{border-color:var(--blue)}.predict>.tag,.note>.tag{color:var(--blue)}.erratum{border-color:var(--pink)}.erratum>.tag{color:var(--pink)}.mistake{border-color:var(--red)}.mistake>.tag{color:var(--red)}.takeaway{border-color:var(--green)}.takeaway>.tag{color:var(--green)}
    .opts{display:flex;flex-wrap:wrap;gap:.55rem;margin:.6rem 0}.opts button{border-radius:99px;padding:.12rem 1.05rem;min-height:2rem;background:var(--bg)}.guess{display:flex;flex-wrap:wrap;gap:.55rem;align-items:center;margin:.6rem 0}.guess input{font:inherit;color:inherit;width:8em;min-height:2rem;padding:.1rem .7rem;border:1px solid var(--mute);border-radius:99px;background:var(--bg)}.guess button{border-radius:99px;padding:.12rem 1.05rem;min-height:2rem;background:var(--bg)}.opts .picked{background:var(--blue);color:var(--bg);border-color:var(--blue)}.opts .right{border-color:var(--green);box-shadow:0 0 0 2px var(--green)}
    .answer summary{cursor:pointer;color:var(--mute);font-size:.86rem;width:fit-content}.answer p{margin:.35rem 0 0;font-size:.95rem}
    .side{font-size:.8rem;color:var(--mute);line-height:1.45;margin:.75rem 0;padding-left:.9rem;border-left:2px solid var(--line)}
    .missing{color:var(--mute);font-size:.86rem}
    .table{margin:1.6rem 0}.scroll{overflow-x:auto}
    .scroll,.math,.pic.only,pre{background:linear-gradient(90deg,var(--under,var(--bg)) 40%,transparent) 0 0/2.5rem 100% no-repeat local,linear-gradient(270deg,var(--under,var(--bg)) 40%,transparent) 100% 0/2.5rem 100% no-repeat local,linear-gradient(90deg,var(--line),transparent) 0 0/.9rem 100% no-repeat,linear-gradient(270deg,var(--line),transparent) 100% 0/.9rem 100% no-repeat}
    table{border-collapse:collapse;width:100%;font-size:.88rem;font-variant-numeric:tabular-nums lining-nums}table.narrow{width:auto;min-width:60%}
    caption{text-align:left;color:var(--mute);font-size:.86rem;padding-bottom:.35rem}
    th,td{padding:.4rem .6rem;border-bottom:1px solid var(--line);text-align:left;vertical-align:baseline}tbody th{font-weight:600}th:first-child,td:first-child{padding-left:.1rem}.num{text-align:right;white-space:nowrap}.whole{white-space:nowrap}.pad{visibility:hidden}
    thead th,thead td{color:var(--mute);font-weight:500;font-size:.8rem;border-bottom-color:var(--mute)}
    .claims tbody th{font-weight:400}.claims small{display:block;color:var(--mute);font-size:.8rem;line-height:1.45}.claims tbody th{min-width:13rem}.claims td:last-child{white-space:nowrap}
    .sources{font-size:.82rem;color:var(--mute);line-height:1.5}.sources b{color:var(--fg)}a.source{color:inherit;text-decoration-style:dotted;text-decoration-color:var(--mute)}a.source:hover{color:var(--blue)}.present a.source{text-decoration:none;pointer-events:none}
    .ok{color:var(--green);font-weight:600}.no{color:var(--red);font-weight:600}.partly{color:var(--gold);font-weight:600}.undecided{color:var(--mute)}
    .text>.ex,.ex{list-style:none;padding:0;margin:.6rem 0}.ex li{padding:.4rem 0 .4rem 1.9rem;position:relative;border-bottom:1px solid var(--line);margin:0}.ex li::before{content:"○"/"";position:absolute;left:.3rem;color:var(--mute)}.ex .done::before{content:"✓"/"";color:var(--green)}.ex .wrong::before{content:"✗"/"";color:var(--red)}.ex em{display:block;color:var(--red);font-size:.86rem;font-style:normal}.ex small{color:var(--mute)}.how{font-size:.86rem;color:var(--mute)}
    .reading{padding-left:1.35rem;font-size:.93rem}
    #stage,#deckfoot,#notes,#overview{display:none}
    @media(min-width:1240px){
    :root:not([data-theme=projector]) .side{float:right;clear:right;width:13rem;margin:.35rem -14.8rem 1rem 0}
    :root:not([data-theme=projector]) .toc{position:fixed;left:1.6rem;top:6.2rem;width:max(10.5rem,calc(50vw - 29.5rem));max-width:14rem;margin:0;padding:0;max-height:calc(100vh - 8rem);overflow:auto}:root:not([data-theme=projector]) .toc summary{list-style:none}:root:not([data-theme=projector]) .toc summary::-webkit-details-marker{display:none}
    }
    @media(max-width:900px){.wide{margin-left:0;margin-right:0}.wide figcaption,.wide .numbers,.wide .explore{margin-left:0;margin-right:0}}
    @media(max-width:640px){
    html,html[data-theme=projector]{font-size:16px}
    header.top{padding:.6rem 1.2rem;gap:.6rem}.top nav,.keys kbd{display:none}.top .book{flex:1}.keys button{border-color:var(--line);padding:.2rem .6rem}
    main{padding:1.6rem 1.2rem 0}.math math{font-size:1.08em}h1{font-size:1.95rem}.lead{font-size:1.08rem}
    .pic.only{overflow-x:auto}.pic.only svg{min-width:26rem}
    .dl{float:none;margin:.4rem 0 0;display:flex}.dl a,.dl button{padding:.25rem .8rem}
    .dl .big{display:none}
    .explore{grid-template-columns:auto 1fr auto}.explore label{grid-column:1/-1;grid-row:1}
    .claims thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}.claims tr{display:grid;grid-template-columns:auto 1fr;gap:.1rem .9rem;padding:.8rem 0;border-bottom:1px solid var(--line)}.claims th,.claims td{display:contents;white-space:normal}.claims tbody th{display:block;grid-column:1/-1;border:0;padding:0 0 .3rem;font-weight:500}.claims td::before{content:attr(data-label)!important;color:var(--mute);font-weight:400}.claims td{border:0;padding:0}.claims td small{grid-column:2}.claims td .whole{display:contents}
    td,th{padding:.4rem .45rem}caption span{display:block;max-width:calc(100vw - 2.4rem)}
    }
    .present body,.present{overflow:hidden}
    .present{font-size:min(1.88vw,3.34vh)!important}
    .present header.top,.present footer,.present .toc,.present .skip,.present article>*,.present .numbers,.present .dl,.present .anchor{display:none}
    .present main{position:fixed;inset:0;max-width:none;padding:0;margin:0;background:var(--bg)}
    .present article{position:absolute;inset:0;padding:1.9rem 2.2rem 2.6rem;display:flex;flex-direction:column;gap:.7rem}
    .present #stage{display:block;font-size:2.1rem;font-weight:800;letter-spacing:-.025em;line-height:1.1;margin:0;text-wrap:balance}
    .present article:has(>.plot.on) #stage{font-size:1.6rem}
    .present article.beside{flex-direction:row;gap:1.6rem}.present article.beside #stage{flex:0 0 22%;align-self:center;font-size:1.75rem;line-height:1.2;text-wrap:pretty}
    .present #stage:empty{display:none}.present #stage small{font-size:.5em;font-weight:400;letter-spacing:0;color:var(--mute);margin-left:.4em}.present #stage .over{display:block;margin:0 0 .3em;line-height:1.2}.present tr.off,.present .line.off{display:none}
    .present article>.on{display:block;margin:0;float:none;width:auto;font-size:calc(1.08rem*var(--fit,1));max-width:100%;flex-shrink:0}
    .present article>p.on,.present article>.text.on{max-width:46rem;font-size:calc(1.2rem*var(--fit,1));line-height:1.5}.present .text>ul,.present .text>ol{margin:0}
    .present article.words>.code.on{margin:0}.present article.words>:nth-child(1 of .on){margin-top:auto}.present article.words>:nth-last-child(1 of .on){margin-bottom:auto}.present article.words{padding-bottom:5.5rem}
    .present article>.head.on{margin:auto 0;padding-right:20%}.present .head h1{font-size:3.6rem}.present .head .lead{font-size:1.5rem}.present .kicker{font-size:1rem}
    .present article>.math.on{font-size:calc(1.25rem*var(--fit,1));padding:.5em 0}
    .present article>figure.plot.on{display:flex;flex-direction:column;flex:1;min-height:0}.present .plot figcaption{display:none}.zoom #stage,.zoom #deckfoot{display:none!important}.zoom.present article{padding:1.2rem}.present .pic{flex:1;min-height:0;overflow:visible}.present .pic svg,.present .plot-broad{width:100%;height:100%;min-width:0}.present .explore{font-size:1rem;margin:.4rem 0 0}.present .explore input{zoom:2;height:.9rem}
    .present .pic path[stroke-width],.present .pic g[stroke-width]{stroke-linejoin:round}
    .present article>.box.on{margin:auto 0;font-size:calc(1.3rem*var(--fit,1));padding:1.4rem 1.8rem}.present .box>.tag{display:none}.present .answer p,.present .answer summary,.present .side,.present .claims small,.present caption,.present thead th,.present .ex small,.present .ex em,.present .how{font-size:.9em}.present .opts button,.present .guess{font-size:.92em}
    .present article:has(>.code.on)>p.on{max-width:none;font-size:calc(1.08rem*var(--fit,1))}
    .present article>.code.on{margin:auto 0;max-height:92%;overflow:auto}.present pre{font-size:.8em;line-height:1.3;padding:.65rem 1.15rem}.present .code figcaption,.present .copy{font-size:.84rem}.present .code figcaption{padding:.2rem 1.15rem .3rem}
    .present article>.table.on{margin:auto 0}.present table{font-size:.98em;line-height:1.3}.present th,.present td{padding:.34em .6em}.present .claims{font-size:.88em}.present .claims tbody th{width:44%}.present caption{display:none}
    .present #deckfoot{display:flex;position:absolute;left:2.2rem;right:2.2rem;bottom:.8rem;justify-content:space-between;font-size:.85rem;line-height:1.3;color:var(--mute)}
    .present #deckbar{position:fixed;left:0;bottom:0;height:.18rem;background:var(--blue)}
    .present.shownotes #notes{display:block;position:absolute;left:0;right:0;bottom:2.4rem;max-height:42%;overflow:auto;background:var(--card);border-top:2px solid var(--blue);padding:1rem 2.2rem;font-size:.95rem;z-index:3}
    .present.overview #overview{display:grid;position:fixed;inset:0;z-index:5;background:var(--bg);overflow:auto;padding:1.5rem;gap:1rem;grid-template-columns:repeat(4,1fr);grid-auto-rows:7.6rem;align-content:start}
    .card{overflow:hidden;min-width:0;position:relative;text-align:left;padding:.7rem .8rem;border-radius:8px;background:var(--card);display:flex;flex-direction:column}.card b{font-size:.84rem;line-height:1.2;display:block}.card i{font-style:normal;color:var(--mute);font-size:.84rem;position:absolute;right:.8rem;bottom:.5rem;line-height:1;z-index:1}.card .over{display:block;font-weight:400;color:var(--mute)}.card.now{outline:3px solid var(--blue)}.card .mini{flex:1;min-height:0;overflow:hidden;margin-top:.3rem;zoom:.36;pointer-events:none}.card .mini>*{margin:.3rem 0}.card .mini svg{width:100%;height:auto;max-height:10.5rem}.card .mini .dl,.card .mini .numbers,.card .mini figcaption,.card .mini .explore,.card .mini .strip,.card .mini .tag{display:none}.card .mini h1{display:none}
    mark{background:var(--mark);color:inherit;border-radius:2px}
    .shelf{list-style:none;padding:0;counter-reset:none}.shelf li{border-bottom:1px solid var(--line);padding:.8rem 0;margin:0}.shelf a{font-weight:600;font-size:1.08rem;text-decoration:none}.shelf p{margin:.15rem 0;color:var(--mute);font-size:.93rem}.shelf small{color:var(--mute)}
    .toc .inner{padding-left:.9rem;margin:.2rem 0 .6rem;border-left:1px solid var(--line)}.toc a[aria-current]{color:var(--blue);font-weight:600}
    .search{width:100%;font:inherit;padding:.55rem .9rem;border:1px solid var(--mute);border-radius:10px;background:var(--bg);color:inherit}.hits{list-style:none;padding:0}.hits li{padding:.5rem 0;border-bottom:1px solid var(--line)}.hits small{display:block;color:var(--mute)}
    .tally{display:flex;gap:.6rem;flex-wrap:wrap;padding:0;list-style:none}.tally li{margin:0}.tally button{background:var(--card);border-radius:10px;padding:.5rem 1.1rem;text-align:left;border-color:transparent}.tally button[aria-pressed=true]{border-color:var(--blue)}.tally b{font-size:1.5rem;display:block;line-height:1.2}
    .pager{display:flex;justify-content:space-between;gap:2rem;margin-top:3.5rem;padding-top:1rem;border-top:1px solid var(--line);font-size:.9rem}
    main>[hidden]{display:none}
    @media print{
    @page{margin:17mm 16mm 19mm;@bottom-center{content:counter(page)" / "counter(pages);font:8.5pt Inter,system-ui,sans-serif;color:#555}}
    html{font-size:10pt!important}:root{--bg:#fff!important;--fg:#000!important;--card:#f5f5f5!important;--mute:#444!important}
    .plot .pic{max-width:155mm;margin-inline:auto}p:has(+.plot),p:has(+.math),.tag{break-after:avoid}p{orphans:3;widows:3}
    header.top,.keys,.toc,.skip,.dl,.copy,.explore,.anchor,.numbers,footer span+span{display:none!important}main{max-width:none;padding:0}
    .side{float:none;width:auto;margin:.5rem 0}.wide{margin-left:0;margin-right:0}
    figure,.box,.table,.math,pre,.ex li{break-inside:avoid}h2,h3{break-after:avoid}pre{white-space:pre-wrap}
    .strip{display:flex;gap:1rem;margin-top:.8rem}.guess{display:none}.strip .frame{flex:1}.strip p{font-size:.8rem;margin:0}a{color:inherit}
    }
    """#
}
