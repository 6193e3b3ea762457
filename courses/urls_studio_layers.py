from django.urls import path

from .urls_studio import REVISION
from .views.studio import layer_facts, layers

PANEL = f"{REVISION}panels/<str:key>/"
FACT = f"{REVISION}facts/<str:key>/"

urlpatterns = [
    path("studio/modules/<str:key>/adapt/", layers.start_layer, name="studio_adapt"),
    path(f"{REVISION}languages/", layers.languages, name="studio_layer_languages"),
    path(PANEL, layers.panel, name="studio_panel"),
    path(f"{PANEL}move/", layers.move_panel, name="studio_panel_move"),
    path(f"{PANEL}remove/", layers.remove_panel, name="studio_panel_remove"),
    path(f"{REVISION}new-fact/", layer_facts.add_fact, name="studio_fact_add"),
    path(FACT, layer_facts.fact, name="studio_fact"),
    path(f"{FACT}remove/", layer_facts.remove_fact, name="studio_fact_remove"),
]
