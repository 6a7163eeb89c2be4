// What pointers, the wheel and keys do to the map.

const ZOOM_STEP = 1.4;
const PAN_STEP = 48;  // pixels

/** Calls `changed()` behind every change of the map's view and `hovered(pixel or null, event)` as the pointer moves. */
function listenToMap(map, changed, hovered) {
  const { element, view } = map;
  const pointers = new Map();  // those that are down
  const place = (event) => {
    const box = element.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const change = () => {
    map.viewChanged = true;
    changed();
  };

  element.addEventListener('wheel', (event) => {
    event.preventDefault();
    const { x, y } = place(event);
    const pixels = event.deltaY * [1, 30, 300][event.deltaMode];
    view.zoom(Math.exp(-0.0018 * Math.max(-300, Math.min(300, pixels))), x, y);
    change();
  }, { passive: false });

  element.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    element.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, place(event));
    element.classList.add('grabbed');
  });

  element.addEventListener('pointermove', (event) => {
    const now = place(event);
    const before = pointers.get(event.pointerId);
    if (!before) {
      hovered(now, event);
      return;
    }
    pointers.set(event.pointerId, now);
    const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
    if (other) {
      const apart = (p) => Math.max(10, distance(p.x - other.x, p.y - other.y));
      view.zoom(apart(now) / apart(before), other.x, other.y);
      change();
    } else if (now.x !== before.x || now.y !== before.y) {
      view.pan(now.x - before.x, now.y - before.y);
      hovered(null, event);
      change();
    }
  });

  const release = (event) => {
    pointers.delete(event.pointerId);
    if (!pointers.size) element.classList.remove('grabbed');
  };
  // A tap shows what hovering would.
  element.addEventListener('pointerup', (event) => {
    release(event);
    if (!pointers.size) hovered(place(event), event);
  });
  element.addEventListener('pointercancel', release);
  element.addEventListener('pointerleave', (event) => hovered(null, event));

  element.addEventListener('dblclick', (event) => {
    const { x, y } = place(event);
    view.zoom(event.shiftKey ? 1 / ZOOM_STEP : ZOOM_STEP, x, y);
    change();
  });

  element.addEventListener('keydown', (event) => {
    const moves = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
    const move = moves[event.key];
    if (!move || event.target !== element || event.ctrlKey || event.metaKey || event.altKey) return;
    const far = event.shiftKey ? 4 * PAN_STEP : PAN_STEP;
    view.pan(move[0] * far, move[1] * far);
    event.preventDefault();
    event.stopPropagation();
    change();
  });
}
