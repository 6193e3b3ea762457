from django.urls import include, path

from .views import facts, files, public, suggestions

urlpatterns = [
    path("", public.home, name="home"),
    path("courses/", public.catalogue, name="catalogue"),
    path("facts/<str:key>/", facts.fact, name="fact"),
    path("facts/<str:key>/suggest/", suggestions.suggest_on_fact, name="suggest_on_fact"),
    path("suggest/<str:module>/<str:lesson>/", suggestions.suggest, name="suggest"),
    path("suggestions/", suggestions.my_suggestions, name="my_suggestions"),
    path("suggestions/<int:pk>/withdraw/", suggestions.withdraw, name="withdraw_suggestion"),
    path("files/<str:sha256>/<str:name>", files.content_file, name="content_file"),
    path("", include("courses.urls_studio")),
    path("", include("courses.urls_studio_courses")),
    path("", include("courses.urls_studio_facts")),
    path("", include("courses.urls_studio_layers")),
]
