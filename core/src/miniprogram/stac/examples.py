"""A short example of every node, as Python source: what the reference shows, and what tests build."""

from __future__ import annotations

from miniprogram.stac.catalog import NodeType, Property
from miniprogram.stac.generation.naming import snake

_SAMPLES = {
    "string": '"Hello"',
    "color": '"primary"',
    "number": "1",
    "double": "1",
    "int": "2",
    "bool": "True",
    "any": '"one"',
    "widget": 'ui.text("Hello")',
    "list<widget>": '[ui.text("One"), ui.text("Two")]',
    "list<any>": '["One", "Two"]',
    "list<string>": '["One", "Two"]',
    "edgeInsets": "16",
    "networkRequest": 'actions.network_request("https://example.org/items")',
    "imageFilter": 'values.image_filter(type="blur", sigma_x=4, sigma_y=4)',
    "list<setValueEntry>": '{"city": "Oslo"}',
    "action": "actions.pop_screen()",
}
_MAIN = ("data", "child", "children", "sliver", "slivers")

_WIDGETS = {
    "alertDialog": 'ui.alert_dialog(title=ui.text("Sure?"), content=ui.text("It cannot be undone."))',
    "appBar": 'ui.app_bar(title=ui.text("Shop"))',
    "badge": 'ui.badge(label=ui.text("3"), child=ui.icon("mail"))',
    "bottomNavigationBar": (
        "ui.bottom_navigation_bar([values.bottom_navigation_bar_item("
        'icon=ui.icon("home"), label="Home"), '
        'values.bottom_navigation_bar_item(icon=ui.icon("person"), label="Me")])'
    ),
    "checkBox": 'ui.check_box(id="agreed")',
    "circleAvatar": 'ui.circle_avatar(radius=24, child=ui.text("AL"))',
    "conditional": 'ui.conditional("{{role}} == admin", if_true=ui.text("Admin"))',
    "container": 'ui.container(child=ui.text("Hello"), padding=16, color="primary")',
    "customScrollView": 'ui.custom_scroll_view(slivers=[ui.sliver_to_box_adapter(ui.text("Hello"))])',
    "defaultTabController": (
        'ui.default_tab_controller(length=2, child=ui.column([ui.tab_bar([ui.tab(text="A"), ui.tab(text="B")])]))'
    ),
    "dropdownMenu": "ui.dropdown_menu(width=200)",
    "form": 'ui.form(ui.column([ui.text_form_field(id="message")]))',
    "gridView": 'ui.grid_view([ui.text("One"), ui.text("Two")], cross_axis_count=2)',
    "icon": 'ui.icon("home")',
    "iconButton": 'ui.icon_button(ui.icon("close"), on_pressed=actions.pop_screen())',
    "image": 'ui.image("https://example.org/logo.png", width=96)',
    "listTile": 'ui.list_tile(title=ui.text("Title"), subtitle=ui.text("More"))',
    "navigationBar": (
        'ui.navigation_bar(destinations=[values.navigation_destination(icon=ui.icon("home"), label="Home"), '
        'values.navigation_destination(icon=ui.icon("person"), label="Me")])'
    ),
    "radioGroup": 'ui.radio_group(group_value="a", child=ui.column([ui.radio(value="a"), ui.radio(value="b")]))',
    "scaffold": 'ui.scaffold(app_bar=ui.app_bar(title=ui.text("Shop")), body=ui.text("Hello"))',
    "setValue": 'ui.set_value(values={"city": "Oslo"}, child=ui.text("{{city}}"))',
    "sizedBox": "ui.sized_box(height=16)",
    "slider": 'ui.slider(value=3, id="stars", min=1, max=5)',
    "stack": 'ui.stack([ui.text("Below"), ui.positioned(ui.text("Above"), top=8)])',
    "tab": 'ui.tab(text="Home")',
    "table": 'ui.table([values.table_row(children=[ui.text("One"), ui.text("Two")])])',
    "tabBar": 'ui.tab_bar([ui.tab(text="One"), ui.tab(text="Two")])',
    "text": 'ui.text("Hello", style="titleLarge")',
    "textField": 'ui.text_field(decoration=values.input_decoration(hint_text="Search"))',
    "textFormField": 'ui.text_form_field(id="message")',
    "tooltip": 'ui.tooltip(message="More", child=ui.icon("info"))',
    "visibility": 'ui.visibility(visible=False, child=ui.text("Hidden"))',
    "miniProgramAuthBuilder": (
        'ui.auth_builder(signed_in=ui.text("{{auth.user.email}}"), signed_out=ui.text("Please sign in"))'
    ),
    "miniProgramBackendBuilder": (
        'ui.backend_builder("home", "home/bootstrap", child=ui.text("{{backend.home.data.title}}"))'
    ),
}
_ACTIONS = {
    "delay": "actions.delay(milliseconds=300)",
    "getFormValue": 'actions.get_form_value("message")',
    "hostAction": 'actions.track_event("opened", properties={"from": "home"})',
    "miniProgramAuth": "actions.show_email_auth()",
    "miniProgramBackend": 'actions.backend_call("orders/create", method="POST", body={"item": 7})',
    "miniProgramBackendQuery": 'actions.backend_query("home", "home/bootstrap", force_refresh=True)',
    "miniProgramNavigation": 'actions.open_screen("details")',
    "multiAction": (
        "actions.multi_action(actions=[actions.delay(milliseconds=300), actions.pop_screen()], sync=True)"
    ),
    "navigate": 'actions.navigate(widget_json=ui.text("A page"))',
    "networkRequest": (
        'actions.network_request("https://example.org/feedback", method="post", body={"message": "Hello"})'
    ),
    "setValue": 'actions.set_value(values={"city": "Oslo"})',
    "showDialog": 'actions.show_dialog(widget=ui.alert_dialog(title=ui.text("Sure?")))',
    "showModalBottomSheet": 'actions.show_modal_bottom_sheet(widget=ui.text("Hello"))',
    "showSnackBar": 'actions.show_snack_bar(ui.text("Saved"))',
    "validateForm": "actions.validate_form(is_valid=actions.pop_screen())",
}


def example_of(node: NodeType) -> str:
    """A call that makes the node with what it needs and what it is mainly for."""
    given = (_WIDGETS if node.kind == "widget" else _ACTIONS).get(node.name)
    if given is not None:
        return given
    module = "ui" if node.kind == "widget" else "actions"
    return f"{module}.{snake(node.name)}({', '.join(_arguments(node))})"


def _arguments(node: NodeType) -> list[str]:
    fields = [field for field in node.properties.values() if field.is_current or not node.is_current]
    main = [field for field in fields if field.name in _MAIN][:1]
    needed = [field for field in fields if field.is_needed and field not in main]
    return [f"{snake(field.name)}={_sample(field)}" for field in (*main, *needed)]


def _sample(field: Property) -> str:
    if field.name in ("sliver", "replacementSliver"):
        return 'ui.sliver_to_box_adapter(ui.text("Hello"))'
    if field.name == "url":
        return '"https://example.org"'
    return _SAMPLES[field.type]
