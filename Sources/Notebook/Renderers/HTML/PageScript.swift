// The few kilobytes of script in a page: theme, copying, sliders, predictions, slides. Without it the page still reads.

enum PageScript {
  /// Runs before the first paint, so that a remembered theme does not flash.
  static let head = #"""
    try{var s=localStorage.getItem("workbook-theme");if(s)document.documentElement.dataset.theme=s}catch(e){}
    """#

  /// Runs after the page.
  static let page = #"""

    "use strict";(()=>{
    const root=document.documentElement,$=(q,n=document)=>n.querySelector(q),$$=(q,n=document)=>[...n.querySelectorAll(q)];
    const make=(tag,id,cls)=>{const e=document.createElement(tag);if(id)e.id=id;if(cls)e.className=cls;return e};

    // Theme: light, dark, projector; remembered.
    const theme=()=>{const order=["light","dark","projector"],now=root.dataset.theme||(matchMedia("(prefers-color-scheme:dark)").matches?"dark":"light");
      root.dataset.theme=order[(order.indexOf(now)+1)%3];try{localStorage.setItem("workbook-theme",root.dataset.theme)}catch(e){}};

    // Copying code and saving pictures.
    const save=(name,type,text)=>{const a=make("a");a.download=name;a.href="data:"+type+";charset=utf-8,"+encodeURIComponent(text);a.click()};
    document.addEventListener("click",async e=>{
      const copy=e.target.closest(".copy"),svg=e.target.closest("button.svg"),choice=e.target.closest(".opts button"),guess=e.target.closest(".guess button"),big=e.target.closest("button.big");
      if(copy){const text=$("pre",copy.closest("figure")).textContent;
        try{await navigator.clipboard.writeText(text)}catch(x){const t=make("textarea");t.value=text;document.body.append(t);t.select();document.execCommand("copy");t.remove()}
        copy.textContent="copied";setTimeout(()=>copy.textContent="copy",1500)}
      if(svg){const text=new XMLSerializer().serializeToString($(".pic svg",svg.closest("figure")));save(svg.dataset.name,"image/svg+xml",text.replaceAll("rgb(1,2,3)","#1d2024"))}
      if(big){fromPage=true;root.classList.add("zoom");enter(+big.closest("[data-s]").dataset.s.split(" ")[0])}
      if(guess)judge(guess.parentNode);
      if(choice){const box=choice.closest(".box"),answer=$(".answer",box);
        $$(".opts button",box).forEach(b=>{b.classList.toggle("picked",b===choice);b.setAttribute("aria-pressed",b===choice);b.classList.toggle("right","right" in b.dataset)});
        if(answer){answer.open=true;$(".verdict",answer).textContent="right" in choice.dataset?"Right. ":"Not this time. "}}
    });

    // A number instead of a choice.
    const judge=box=>{const text=$("input",box).value.trim().replace(",",".").replace("\u2212","-"),value=parseFloat(text),answer=$(".answer",box.parentNode);
      if(!text||isNaN(value)||!answer)return $("input",box).focus();
      const right=+box.dataset.answer,near=Math.abs(value-right)<=Math.abs(right)*+box.dataset.within+1e-12;
      answer.open=true;$(".verdict",answer).textContent=near?"Right. ":"Not this time. "};

    // Explorable figures.
    $$(".explore").forEach(box=>{
      const data=JSON.parse($(".frames",box).textContent),pic=$(".pic",box.parentNode),input=$("input",box),out=$("output",box),play=$(".play",box);let timer=0;
      const svg=runs=>{let text="";for(let k=0;k<runs.length;k+=2)for(let j=0;j<runs[k+1];j++)text+=data.pieces[runs[k]+j];return text};
      const wide=$(".plot-broad",pic)||pic,slim=$(".plot-narrow",pic);
      const show=()=>{const i=+input.value;wide.innerHTML=svg(data.broad[i]);if(slim)slim.innerHTML=svg(data.narrow[i]);out.value=data.values[i]||"";input.setAttribute("aria-valuetext",out.value)};
      const stop=()=>{clearInterval(timer);timer=0;play.textContent="▶";play.setAttribute("aria-label","Play")};
      input.addEventListener("input",()=>{stop();show()});
      play.addEventListener("click",()=>{if(timer)return stop();play.textContent="❚❚";play.setAttribute("aria-label","Pause");
        timer=setInterval(()=>{input.value=(+input.value+1)%data.broad.length;show()},700)});
    });

    // Where the reader is, in the list of contents.
    const links=new Map($$(".toc a").map(a=>[decodeURIComponent(a.hash.slice(1)),a]));
    if(links.size&&window.IntersectionObserver){const seen=new IntersectionObserver(es=>es.forEach(e=>{if(e.isIntersecting){links.forEach(a=>a.classList.remove("here"));links.get(e.target.id)?.classList.add("here")}}),{rootMargin:"0px 0px -70% 0px"});
      links.forEach((a,id)=>{const h=document.getElementById(id);if(h)seen.observe(h)})}
    if(matchMedia("(max-width:1239px)").matches)$$(".toc details").forEach(d=>d.open=false);
    addEventListener("beforeprint",()=>$$("details.answer").forEach(d=>d.open=true));

    // Slides: the same elements, a few at a time.
    let article=null,titles=[],slide=0,stage,foot,notes,overview,fromPage=false;
    const slides=n=>$$(":scope>[data-s]",article).filter(e=>e.dataset.s.split(" ").includes(String(n)));
    // Lines of code as elements, so that some can be left out; their text together is the code as before.
    const split=code=>{if($(".line",code))return;const all=[];let line=null;
      [...code.childNodes].forEach(n=>(n.textContent.match(/[^\n]*\n|[^\n]+/g)||[]).forEach(text=>{if(!line){line=make("span",null,"line");all.push(line)}
        if(n.nodeType===1){const part=n.cloneNode();part.textContent=text;line.append(part)}else line.append(text);
        if(text.endsWith("\n"))line=null}));
      code.replaceChildren(...all)};
    // Shows the share of a table's rows or of a code's lines that belongs to a slide.
    const share=(e,n)=>{if(!e.dataset.rows)return;$$("pre>code",e).forEach(split);
      const counts=e.dataset.rows.split(" ").map(Number),part=e.dataset.s.split(" ").indexOf(String(n)),from=counts.slice(0,part).reduce((a,b)=>a+b,0);
      $$("tbody tr,.line",e).forEach((r,i)=>r.classList.toggle("off",i<from||i>=from+counts[part]))};
    // Text as large as the slide holds, at most 1.35 times.
    const fit=list=>{const grows=list.some(e=>e.matches("p,.text,.math,.table,.code,.box")),sizes=[];for(let s=1.35;s>.4;s-=.05)sizes.push(s);
      const fits=s=>{article.style.setProperty("--fit",s);const end=foot.getBoundingClientRect().top-4;
        return list.every(e=>e.getBoundingClientRect().bottom<=end&&e.scrollHeight<=e.clientHeight+2&&[e,...$$(".scroll,pre",e)].every(x=>x.scrollWidth<=x.clientWidth+1))};
      if(!grows)return article.style.removeProperty("--fit");
      if(!sizes.find(fits))fits(.4)};
    const show=n=>{slide=Math.max(0,Math.min(titles.length-1,n));
      $$(":scope>.on",article).forEach(e=>e.classList.remove("on"));const list=slides(slide);list.forEach(e=>e.classList.add("on"));
      list.forEach(e=>share(e,slide));
      article.classList.toggle("words",list.every(e=>e.matches(list.length>1?"p,.text,.math,.code":"p,.text,.math")));if(!list.some(e=>e.matches(".plot")))root.classList.remove("zoom");
      // A figure that is not much wider than high has more room beside its title than below it.
      const box=list.length===1&&list[0].matches(".plot")&&$("svg",list[0])?.viewBox.baseVal;article.classList.toggle("beside",!!box&&box.height>0&&box.width/box.height<1.7);
      stage.innerHTML=titles[slide];
      foot.replaceChildren(...[article.dataset.chapter+" · "+article.dataset.name,"← → move · o overview · n notes · z figure · f full screen · "+(slide+1)+" / "+titles.length].map(t=>{const s=make("span");s.textContent=t;return s}));
      const bar=make("span","deckbar");bar.style.width=100*(slide+1)/titles.length+"%";foot.append(bar);
      notes.replaceChildren(...$$(":scope>[data-n]",article).filter(e=>e.dataset.n.split(" ").includes(String(slide))).map(e=>{const c=e.cloneNode(true);c.removeAttribute("id");return c}),
        ...list.flatMap(e=>$$(".rest",e)).filter(e=>e.textContent.trim()).map(e=>{const c=make("p");c.innerHTML=e.innerHTML;return c}));
      if(!notes.childElementCount)notes.textContent="No notes for this slide.";
      fit(list);try{history.replaceState(null,"","#present-"+(slide+1))}catch(e){}};
    const fill=()=>{overview.replaceChildren(...titles.map((t,i)=>{const c=make("button",null,"card"+(i===slide?" now":""));c.type="button";
      const n=make("i");n.textContent=i+1;const b=make("b");b.innerHTML=t||article.dataset.name;const m=make("div",null,"mini");m.inert=true;
      slides(i).forEach(e=>{const k=e.cloneNode(true);k.removeAttribute("id");k.classList.remove("on");share(k,i);m.append(k)});c.append(n,b,m);
      c.addEventListener("click",()=>{root.classList.remove("overview");show(i)});return c}));($(".now",overview)||overview).focus()};
    const enter=n=>{
      article=$$("article").find(a=>!a.hidden);if(!article)return;
      const deck=$$(".deck").find(d=>d.dataset.for===article.id);if(!deck)return;titles=JSON.parse(deck.textContent);
      if(n==null){const top=$$(":scope>[data-s]",article).find(e=>e.getBoundingClientRect().bottom>80);n=top?+top.dataset.s.split(" ")[0]:0}
      stage=stage||make("p","stage");foot=foot||make("div","deckfoot");notes=notes||make("div","notes");overview=overview||make("div","overview");notes.setAttribute("role","region");notes.setAttribute("aria-label","Speaker notes");
      stage.setAttribute("role","heading");stage.setAttribute("aria-level","1");stage.setAttribute("aria-live","polite");
      article.prepend(stage);article.append(foot,notes,overview);root.classList.add("present");show(n)};
    const leave=()=>{const at=slides(slide)[0];root.classList.remove("present","overview","shownotes","zoom");fromPage=false;article.classList.remove("words","beside");$$(":scope>.on",article).forEach(e=>e.classList.remove("on"));
      [stage,foot,notes,overview].forEach(e=>e.remove());if(document.fullscreenElement)document.exitFullscreen();
      try{history.replaceState(null,"",location.pathname+location.search)}catch(e){}at?.scrollIntoView()};
    const presents=()=>root.classList.contains("present");
    document.addEventListener("keydown",e=>{
      if(e.key==="Enter"&&e.target.closest(".guess"))return judge(e.target.closest(".guess"));
      if(e.ctrlKey||e.metaKey||e.altKey||/^(INPUT|TEXTAREA|SELECT)$/.test(e.target.tagName)&&e.target.type!=="range")return;
      const key=e.key,range=e.target.type==="range";
      if(key==="t")return theme();
      if(key==="p"){e.preventDefault();return presents()?leave():enter(null)}
      if(!presents())return;
      const isOverview=root.classList.contains("overview"),button=e.target.closest&&e.target.closest("button,summary,a");
      if(key==="Escape"){if(root.classList.contains("zoom")){if(fromPage)leave();else{root.classList.remove("zoom");fit(slides(slide))}}else if(isOverview)root.classList.remove("overview");else if(root.classList.contains("shownotes"))root.classList.remove("shownotes");else leave();return}
      if(key==="o"){root.classList.toggle("overview");if(!isOverview)fill();return}
      if(isOverview){const step={ArrowRight:1,ArrowDown:1,ArrowLeft:-1,ArrowUp:-1}[key];if(step){const cards=$$(".card",overview),at=cards.indexOf(document.activeElement);cards[Math.max(0,Math.min(cards.length-1,at+step))].focus();e.preventDefault()}return}
      if(key==="n")return root.classList.toggle("shownotes");
      if(key==="z"){if($(":scope>.plot.on",article))root.classList.toggle("zoom");return}
      if(key==="f")return document.fullscreenElement?document.exitFullscreen():root.requestFullscreen?.();
      if(range&&/^(Arrow|Home|End|Page)/.test(key))return;
      if(["ArrowRight","ArrowDown","PageDown"].includes(key)||((key===" "||key==="Enter")&&!button)){e.preventDefault();show(slide+1)}
      else if(["ArrowLeft","ArrowUp","PageUp","Backspace"].includes(key)){e.preventDefault();show(slide-1)}
      else if(key==="Home")show(0);else if(key==="End")show(titles.length-1);
    });
    $("#theme")?.addEventListener("click",theme);$("#present")?.addEventListener("click",()=>enter(null));
    addEventListener("resize",()=>{if(presents())fit(slides(slide))});
    let touch=null;document.addEventListener("touchstart",e=>touch=e.touches[0].clientX,{passive:true});
    document.addEventListener("touchend",e=>{if(!presents()||touch==null||e.target.type==="range")return;const d=e.changedTouches[0].clientX-touch;if(Math.abs(d)>60)show(slide+(d<0?1:-1))});
    const wanted=/^#present(?:-(\d+))?$/.exec(location.hash);
    if(wanted)enter(wanted[1]?wanted[1]-1:0);else if("present" in root.dataset)enter(0);
    })();
    """#

  /// The scoreboard: a verdict's count is a button that shows only its claims.
  static let board = #"""

    "use strict";(()=>{
    const buttons=[...document.querySelectorAll(".tally button")],rows=[...document.querySelectorAll(".board tbody tr")];
    buttons.forEach(b=>b.addEventListener("click",()=>{const on=b.getAttribute("aria-pressed")!=="true";
      buttons.forEach(o=>o.setAttribute("aria-pressed",o===b&&on));rows.forEach(r=>r.hidden=on&&r.dataset.verdict!==b.dataset.verdict)}));
    })();
    """#

  /// The book: one chapter at a time, and a search over all of them.
  static let book = #"""

    "use strict";(()=>{
    const $$=(q,n=document)=>[...n.querySelectorAll(q)],parts=$$("main>section,main>article"),input=document.querySelector(".search"),hits=document.querySelector(".hits"),status=document.querySelector(".found");
    const route=()=>{if(/^#present/.test(location.hash))return;const id=decodeURIComponent(location.hash.slice(1)),target=id&&document.getElementById(id),part=target&&target.closest("main>section,main>article")||parts[0];
      parts.forEach(p=>p.hidden=p!==part);
      $$(".toc [data-part]").forEach(l=>l.hidden=l.dataset.part!==part.id);$$(".toc [data-link]").forEach(a=>{if(a.dataset.link===part.id)a.setAttribute("aria-current","page");else a.removeAttribute("aria-current")});
      document.title=(part.dataset.name?part.dataset.name+" · ":"")+"The ConvNet Workbook";
      if(target&&target!==part)target.scrollIntoView();else scrollTo(0,0)};
    addEventListener("hashchange",route);route();
    let index=null;
    const build=()=>{index=[];$$("main>article").forEach(a=>{let heading="",id=a.id;[...a.children].forEach(e=>{if(/^H[23]$/.test(e.tagName)){heading=e.firstChild.textContent;id=e.id}
      const c=e.cloneNode(true);$$("svg,script,math,.numbers,.strip,.dl,.explore",c).forEach(x=>x.remove());$$("td,th,tr,li,p,small,summary,button,figcaption",c).forEach(x=>x.append(" "));
      const text=c.textContent.replace(/\s+/g," ").trim();if(text)index.push({chapter:a.dataset.chapter,name:a.dataset.name,heading,id:e.id||id,text,lower:text.toLowerCase()})})})};
    const search=()=>{const words=input.value.toLowerCase().split(/\s+/).filter(Boolean);hits.replaceChildren();status.textContent="";if(!words.length)return;if(!index)build();
      const found=index.filter(e=>words.every(w=>e.lower.includes(w)));status.textContent=found.length?found.length+(found.length>1?" places":" place")+(found.length>40?", the first 40 shown":""):"Nothing found.";
      found.slice(0,40).forEach(e=>{const li=document.createElement("li"),a=document.createElement("a"),s=document.createElement("small"),at=Math.max(0,e.lower.indexOf(words[0])-50),text=(at?"… ":"")+e.text.slice(at,at+180);
        a.href="#"+e.id;a.textContent=e.chapter+" "+e.name+(e.heading?" · "+e.heading:"");
        let rest=text;while(rest){const lower=rest.toLowerCase();let best=-1,word="";words.forEach(w=>{const k=lower.indexOf(w);if(k>=0&&(best<0||k<best)){best=k;word=w}});
          if(best<0){s.append(rest);break}s.append(rest.slice(0,best));const m=document.createElement("mark");m.textContent=rest.slice(best,best+word.length);s.append(m);rest=rest.slice(best+word.length)}
        li.append(a,s);hits.append(li)})};
    input?.addEventListener("input",search);
    document.addEventListener("keydown",e=>{if(e.key==="/"&&!/^(INPUT|TEXTAREA)$/.test(e.target.tagName)&&!document.documentElement.classList.contains("present")){e.preventDefault();location.hash="#index";setTimeout(()=>input.focus())}});
    })();
    """#
}
